using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using FsCheck.Xunit;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Tests.Profiles;

public sealed class CollectorConfigRendererTests
{
    [Fact]
    public void The_balanced_profile_is_rendered_as_approved() => Approved("balanced.yaml", CollectorConfigRenderer.Render(RenderInputs.Of()).Yaml);

    [Fact]
    public void Tenants_flags_and_filters_are_rendered_as_approved() => Approved("conservative-full.yaml", CollectorConfigRenderer.Render(RenderInputs.Full()).Yaml);

    [Fact]
    public void The_hash_is_of_the_text()
    {
        var config = CollectorConfigRenderer.Render(RenderInputs.Full());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(config.Yaml))), config.Hash);
        Assert.DoesNotContain('\r', config.Yaml);
    }

    [Property(MaxTest = 50)]
    public void The_same_input_has_the_same_hash_whatever_order_its_parts_came_in(int seed)
    {
        var profile = RenderInputs.Any(new Random(seed));
        var shuffled = profile with { TopK = profile.TopK.Reverse().ToDictionary(), ProcessMetrics = [.. profile.ProcessMetrics.Reverse()] };
        var full = RenderInputs.Full() with { Profile = profile };
        var other = full with { Profile = shuffled, Tenants = new([.. full.Tenants.Tenants.Reverse()]), Filters = new([.. full.Filters.Filters.Reverse()]) };
        Assert.Equal(CollectorConfigRenderer.Render(full).Hash, CollectorConfigRenderer.Render(other).Hash);
    }

    [Fact]
    public void Another_ring_changes_the_collectors_own_telemetry_alone()
    {
        var (a, b) = (CollectorConfigRenderer.Render(RenderInputs.Full(ring: 0)), CollectorConfigRenderer.Render(RenderInputs.Full(ring: 3)));
        var differences = a.Yaml.Split('\n').Zip(b.Yaml.Split('\n')).Where(l => l.First != l.Second).ToArray();
        Assert.Equal([("      nrdot.ring: '0'", "      nrdot.ring: '3'")], differences);
        Assert.NotEqual(a.Hash, b.Hash);
    }

    [Property(MaxTest = 100)]
    public void Whatever_the_profile_says_critical_and_declared_processes_are_sent(int seed)
    {
        var input = RenderInputs.Of(RenderInputs.Any(new Random(seed))) with { Declared = ["billing-worker", "kworker/0:1"] };
        var simulation = PipelineSimulation.Of(CollectorConfigRenderer.Document(input));
        Assert.Empty(simulation.Gaps);
        foreach (var process in SampleHosts.All.SelectMany(h => h.Processes))
        {
            var outcome = simulation.Run(process);
            Assert.True(outcome.InInventory);
            if (ProcessClassification.Default.Of(process.Executable).Tier == Tier.Critical || input.Declared.Contains(process.Executable)) Assert.True(outcome.IsKept, process.Executable);
        }
    }

    [Property(MaxTest = 100)]
    public void A_stricter_profile_never_keeps_more(int seed)
    {
        var random = new Random(seed);
        var lax = RenderInputs.Any(random);
        var strict = lax with
        {
            MinImportance = lax.MinImportance + random.Next(5) / 10.0, CpuPercent = lax.CpuPercent + random.Next(50), MemoryMb = lax.MemoryMb + random.Next(500),
            IoKbPerSecond = lax.IoKbPerSecond + random.Next(5_000), TopK = lax.TopK.ToDictionary(t => t.Key, t => Math.Max(0, t.Value - random.Next(3))),
        };
        var (of, than) = (PipelineSimulation.Of(CollectorConfigRenderer.Document(RenderInputs.Of(strict))), PipelineSimulation.Of(CollectorConfigRenderer.Document(RenderInputs.Of(lax))));
        foreach (var process in SampleHosts.All.SelectMany(h => h.Processes)) Assert.True(of.Run(process).SeriesSent <= than.Run(process).SeriesSent, process.Executable);
    }

    /// <summary>What the drop marks say must be what the classification itself says: the same names, spelt for another engine.</summary>
    [Fact]
    public void The_rendered_classes_are_those_of_the_classification()
    {
        var every = ShippedProfiles.All.Find("aggressive")! with { CpuPercent = 1e9, MemoryMb = 1e9, IoKbPerSecond = 1e9, TopK = new Dictionary<string, int>() };
        foreach (var importance in new[] { 0.05, 0.15, 0.35, 0.65, 0.75, 0.85 })
        {
            var simulation = PipelineSimulation.Of(CollectorConfigRenderer.Document(RenderInputs.Of(every with { MinImportance = importance })));
            foreach (var process in SampleHosts.All.SelectMany(h => h.Processes))
                Assert.Equal(ProcessClassification.Default.Of(process.Executable).Importance >= importance, simulation.Run(process).IsKept);
        }
    }

    [Theory]
    [InlineData(9.9, 0, 0, false)]
    [InlineData(12.6, 0, 0, true)]
    [InlineData(0, 99_999_999, 0, false)]
    [InlineData(0, 100_000_000, 0, true)]
    [InlineData(0, 0, 900_000, false)]
    [InlineData(0, 0, 1_700_000, true)]
    public void A_process_below_the_profile_s_importance_is_sent_when_it_is_busy(double cpuPercent, long bytes, double ioBytesPerSecond, bool isKept)
    {
        var simulation = PipelineSimulation.Of(CollectorConfigRenderer.Document(RenderInputs.Of()));
        Assert.Equal(isKept, simulation.Run(new SampleProcess("report-gen", "app", cpuPercent, bytes, ioBytesPerSecond)).IsKept);
    }

    [Fact]
    public void A_class_of_which_the_profile_keeps_none_is_dropped_busy_or_not()
    {
        var simulation = PipelineSimulation.Of(CollectorConfigRenderer.Document(RenderInputs.Of("emergency")));
        Assert.False(simulation.Run(new SampleProcess("report-gen", "app", 400, 8_000_000_000, 1e9)).IsKept);
        Assert.True(simulation.Run(new SampleProcess("java", "app", 400, 8_000_000_000)).IsKept);
    }

    [Fact]
    public void Profile_ring_and_marks_are_on_no_process()
    {
        var yaml = CollectorConfigRenderer.Render(RenderInputs.Full()).Yaml;
        Assert.Single(yaml.Split('\n'), l => l.Contains("nrdot.profile", StringComparison.Ordinal));
        Assert.Single(yaml.Split('\n'), l => l.Contains("nrdot.ring", StringComparison.Ordinal));
        Assert.Contains("- key: nrdot.drop\n        action: delete", yaml, StringComparison.Ordinal);
    }

    static void Approved(string name, string actual, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "approved", name);
        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        if (approved != actual) File.WriteAllText(path + ".received", actual);
        Assert.True(approved == actual, $"{name} differs: compare {name}.received beside it, and take it over if it is meant.");
    }
}
