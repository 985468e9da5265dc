using System.Text.Json;
using System.Text.RegularExpressions;

namespace NrdotConsole.Conventions;

/// <summary>Taste as a test. Each message says the remedy.</summary>
public sealed partial class TidyTests
{
    /// <summary>Files that may be longer, each with its reason.</summary>
    static readonly Dictionary<string, string> LongFiles = new()
    {
    };

    [Fact]
    public void Nothing_stands_at_the_top_but_what_the_design_names()
    {
        string[] allowed = ["NrdotConsole.sln", "README.md", "Dockerfile", "appsettings.json", "Directory.Build.props", "Directory.Packages.props",
            "BannedSymbols.txt", "global.json", ".editorconfig", ".gitignore", ".gitattributes", ".dockerignore"];
        var stray = Repository.Files.Where(f => !f.Contains('/') && !allowed.Contains(f));
        Assert.True(!stray.Any(), $"Move below a folder, or add to the list with the design: {string.Join(", ", stray)}");
    }

    [Fact]
    public void A_source_file_stays_under_400_lines()
    {
        var tooLong = Repository.Files
            .Where(f => f.StartsWith("src/", StringComparison.Ordinal) && (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)))
            .Where(f => !LongFiles.ContainsKey(f))
            .Select(f => (File: f, Lines: File.ReadLines(Path.Combine(Repository.Root, f)).Count()))
            .Where(f => f.Lines > 400);
        Assert.True(!tooLong.Any(), $"Split by reason to change, or list the file with its reason: {string.Join(", ", tooLong)}");
    }

    [Fact]
    public void No_file_names_a_machine_path_or_leaves_a_note_to_self()
    {
        var faults = new List<string>();
        foreach (var file in Repository.Files.Where(f => TextFile().IsMatch(f) && f != "tests/NrdotConsole.Conventions/TidyTests.cs"))
        {
            var line = 0;
            foreach (var text in File.ReadLines(Path.Combine(Repository.Root, file)))
            {
                line++;
                if (Forbidden().Match(text) is { Success: true } match) faults.Add($"{file}:{line}: '{match.Value}'");
            }
        }
        Assert.True(faults.Count == 0, "Remove, or do it now:\n" + string.Join('\n', faults));
    }

    [Fact]
    public void Charts_stay_on_the_last_version_of_ApexCharts_that_is_MIT()
    {
        using var manifest = JsonDocument.Parse(Repository.Read("wwwroot-assets/package.json"));
        using var locked = JsonDocument.Parse(Repository.Read("wwwroot-assets/package-lock.json"));
        Assert.Equal("4.7.0", manifest.RootElement.GetProperty("dependencies").GetProperty("apexcharts").GetString());
        Assert.Equal("4.7.0", locked.RootElement.GetProperty("packages").GetProperty("node_modules/apexcharts").GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("wwwroot-assets")]
    [InlineData("tests/NrdotConsole.Journeys/OpenId")]
    [InlineData("tests/NrdotConsole.Journeys/OpAmp")]
    public void Every_npm_package_is_pinned_exactly_and_the_lock_names_no_registry(string folder)
    {
        using var manifest = JsonDocument.Parse(Repository.Read($"{folder}/package.json"));
        foreach (var group in new[] { "dependencies", "devDependencies" })
            if (manifest.RootElement.TryGetProperty(group, out var packages))
                foreach (var package in packages.EnumerateObject())
                    Assert.Matches(@"^\d+\.\d+\.\d+$", package.Value.GetString());
        Assert.DoesNotContain("\"resolved\"", Repository.Read($"{folder}/package-lock.json"));
    }

    [Fact]
    public void Every_project_has_its_lock_file()
    {
        var missing = Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(f => !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(f)!, "packages.lock.json")));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_feature_folder_explains_itself()
    {
        var features = Repository.Files.Where(f => f.StartsWith("src/NrdotConsole.App/Features/", StringComparison.Ordinal))
            .Select(f => f.Split('/')[3]).Distinct();
        var silent = features.Where(f => !Repository.Files.Contains($"src/NrdotConsole.App/Features/{f}/README.md"));
        Assert.True(!silent.Any(), $"Write README.md (what it is, what it keeps, failure behaviour, known limits): {string.Join(", ", silent)}");
    }

    [GeneratedRegex(@"\.(cs|razor|js|mjs|css|json|md|yml|yaml|sql|props|targets|csproj|proto|txt)$|Dockerfile$|^tests/run$|^\.ci/")]
    private static partial Regex TextFile();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|/work/|/root/|/home/\w+/|NotImplementedException")]
    private static partial Regex Forbidden();
}
