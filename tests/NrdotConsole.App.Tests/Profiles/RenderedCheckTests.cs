using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Tests.Profiles;

/// <summary>A mistake in the repository's files is told where it was written, though it shows only in what is rendered.</summary>
public sealed class RenderedCheckTests
{
    static IReadOnlyList<ConfigFault> Faults(string file, string text) => ConfigValidation.Validate(new Dictionary<string, string> { [file] = text }).Faults;

    [Fact]
    public void A_filter_that_drops_critical_processes_is_refused_at_its_line()
    {
        var fault = Assert.Single(Faults("filters.yaml", """
            filters:
              quiet-threads:
                enabled: true
                conditions: ['metric.name == "process.threads"']
              keep-critical:
                enabled: true
                conditions:
                  - 'IsMatch(resource.attributes["process.executable.name"], "^(systemd|sshd)$")'
            """));
        Assert.Equal((FaultSeverity.Error, 7, "filters.keep-critical.conditions"), (fault.Severity, fault.Line, fault.Field));
        Assert.Contains("sshd", fault.Message, StringComparison.Ordinal);
        Assert.Contains("drops what it matches", fault.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_that_is_off_hurts_nobody() => Assert.Empty(Faults("filters.yaml", "filters:\n  all:\n    enabled: false\n    conditions: ['metric.name != \"x\"']\n"));

    [Fact]
    public void A_condition_that_is_not_simulated_is_a_warning()
    {
        var fault = Assert.Single(Faults("filters.yaml", "filters:\n  odd:\n    enabled: true\n    conditions: ['Len(metric.name) > 80']\n"));
        Assert.Equal(FaultSeverity.Warning, fault.Severity);
        Assert.Contains("Len", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fragment_of_a_flag_that_makes_no_whole_configuration_is_refused_at_its_line()
    {
        var fault = Assert.Single(Faults("feature-flags.yaml", """
            features:
              traces:
                enabled: false
                collector:
                  processors:
                    tailsampler: {}
            """), f => f.Severity == FaultSeverity.Error);
        Assert.Equal((4, "features.traces.collector"), (fault.Line, fault.Field));
        Assert.Contains("tailsampl", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_that_Ingest_hands_out_passes_the_same_check() =>
        Assert.Empty(ConfigCheck.Check(YamlTree.Read(CollectorSnippet.Render("http://console.example:4318", "${env:TOKEN}")).Root!, ProcessClassification.Default));
}
