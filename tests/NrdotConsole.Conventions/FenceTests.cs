using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NrdotConsole.Conventions;

/// <summary>App, FleetSim -> Protocol -> Core; inside App a feature sees Core, Platform, Shell and itself.</summary>
public sealed partial class FenceTests
{
    [Theory]
    [InlineData("Core", new string[0], new string[0])]
    [InlineData("Protocol", new[] { "Core" }, new string[0])]
    [InlineData("FleetSim", new[] { "Protocol" }, new[] { "Grpc.Net.Client", "YamlDotNet" })]
    [InlineData("Supervisor", new[] { "Protocol" }, new string[0])]
    public void A_project_references_no_more_than_its_fence_allows(string project, string[] projects, string[] packages)
    {
        var xml = XDocument.Parse(Repository.Read($"src/NrdotConsole.{project}/NrdotConsole.{project}.csproj"));
        var referenced = xml.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!).Replace("NrdotConsole.", ""));
        Assert.Equal(projects, referenced);
        Assert.Equal(packages, xml.Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!));
    }

    [Fact]
    public void Edges_between_features_are_the_approved_ones()
    {
        var edges = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Repository.Files.Where(f => f.StartsWith("src/NrdotConsole.App/Features/", StringComparison.Ordinal)))
        {
            var from = file.Split('/')[3];
            foreach (Match use in FeatureNamespace().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))))
                if (use.Groups[1].Value != from) edges.Add($"{from} -> {use.Groups[1].Value}");
        }
        Approved.Matches("feature-edges.txt", edges);
    }

    [Fact]
    public void Features_do_not_see_each_other_in_circles()
    {
        var edges = Repository.Read("tests/NrdotConsole.Conventions/approved/feature-edges.txt").Split('\n')
            .Where(l => l.Contains(" -> ", StringComparison.Ordinal) && !l.StartsWith('#')).Select(l => l.Split(" -> ")).ToLookup(e => e[0].Trim(), e => e[1].Trim());
        var circles = edges.Select(e => Circle([e.Key], edges)).OfType<string>().Distinct().ToList();
        Assert.True(circles.Count == 0, $"Move what both need to Platform, or let the upper one plug itself into the lower (Module.Frame, an event): {string.Join("; ", circles)}");
    }

    /// <summary>A way along the edges that comes back to where it began; null where there is none.</summary>
    static string? Circle(string[] way, ILookup<string, string> edges)
    {
        foreach (var next in edges[way[^1]])
        {
            if (next == way[0]) return string.Join(" -> ", [.. way, next]);
            if (!way.Contains(next) && Circle([.. way, next], edges) is { } circle) return circle;
        }
        return null;
    }

    [Theory]
    [InlineData("Platform")]
    [InlineData("Shell")]
    public void What_features_stand_on_knows_no_feature(string folder)
    {
        var faults = Repository.Files
            .Where(f => f.StartsWith($"src/NrdotConsole.App/{folder}/", StringComparison.Ordinal) && (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)))
            .Where(f => FeatureNamespace().IsMatch(File.ReadAllText(Path.Combine(Repository.Root, f))));
        Assert.True(!faults.Any(), $"Turn the dependency round (a module plugs itself in): {string.Join(", ", faults)}");
    }

    [GeneratedRegex(@"\bNrdotConsole\.App\.Features\.(\w+)")]
    private static partial Regex FeatureNamespace();
}
