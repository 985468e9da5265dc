using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Tests.ConfigRepo;

public sealed class ConfigValidationTests
{
    static ConfigReport Validate(params (string File, string Text)[] edits) => ConfigValidation.Validate(With(edits));

    /// <summary>The shipped files, with these in their place.</summary>
    static Dictionary<string, string> With(params (string File, string Text)[] edits)
    {
        var files = ShippedFiles.All.ToDictionary();
        foreach (var (file, text) in edits) files[file] = text;
        return files;
    }

    static ConfigFault OnlyError(ConfigReport report)
    {
        Assert.Null(report.State);
        return Assert.Single(report.Errors);
    }

    [Fact]
    public void The_shipped_files_load_and_warn_only()
    {
        var report = ConfigValidation.Validate(ShippedFiles.All);
        Assert.Empty(report.Errors);
        Assert.All(report.Faults, f => Assert.True(f.Line > 0 && f.Mend.Length > 0, f.ToString()));
    }

    [Fact]
    public void The_shipped_files_say_what_the_code_does_without_them()
    {
        var state = ConfigValidation.Validate(ShippedFiles.All).State!;
        Assert.Equivalent(ShippedProfiles.All, state.Profiles, strict: true);
        Assert.Equal(ProcessClassification.Default.Lines, state.Classification.Lines);
        Assert.Equivalent(RingPlan.Default, state.Rings, strict: true);
    }

    [Fact]
    public void Without_files_the_shipped_defaults_stand()
    {
        var state = ConfigValidation.Validate(new Dictionary<string, string>()).State!;
        Assert.Same(ShippedProfiles.All, state.Profiles);
        Assert.Same(RingPlan.Default, state.Rings);
    }

    [Fact]
    public void The_guides_flags_and_tenants_are_read_as_they_are_meant()
    {
        var state = ConfigValidation.Validate(ShippedFiles.All).State!;
        var ewma = state.Flags.Find("ewma_anomaly_detection")!;
        Assert.True(ewma.Enabled);
        Assert.Equal((FlagStrategy.Percentage, 20m), (ewma.Strategy, ewma.Percentage));
        Assert.Equal([2, 3], ewma.Rings);
        Assert.Equal(["prod-host-001", "prod-host-002"], state.Flags.Find("advanced_filtering")!.Hosts);
        var production = state.Tenants.Find("production")!;
        Assert.Equal(("prod", "balanced", 10000, 2.0m, 4L << 30), (production.Namespace, production.Profile, production.MaxSeries, production.CpuCores, production.MemoryBytes));
    }

    [Theory]
    [InlineData("multi-tenant-config.yaml", "processors.routing/tenant", "no longer have a routing processor")]
    [InlineData("multi-tenant-config.yaml", "processors.routing/tenant.table[0].statement", "bare condition")]
    [InlineData("monitoring-layers.yaml", "monitoring.layers[0].metrics[0]", "no metric host.cpu.utilization")]
    [InlineData("monitoring-layers.yaml", "monitoring.layers[1].metrics[1]", "No current collector sends")]
    [InlineData("monitoring-layers.yaml", "monitoring.layers[2].metrics[2]", "no metric process.io.operations")]
    [InlineData("chaos-scenarios.yaml", "scenarios[0].validation[0].metric", "No current collector sends otelcol_processor_dropped_metric_points")]
    [InlineData("chaos-scenarios.yaml", "scenarios[1].validation[0].max_value", "counted in batches")]
    [InlineData("predictive-maintenance.yaml", "models.disk_failure.features[2]", "No collector sends disk.latency.p99")]
    [InlineData("secrets.yaml", "vault.auth_method", "outside Kubernetes")]
    [InlineData("runbooks/high-cardinality.md", "", "uniqueCount")]
    public void The_guides_own_mistakes_are_explained_and_never_refused(string file, string field, string message)
    {
        var warning = Assert.Single(ConfigValidation.Validate(ShippedFiles.All).Faults, f => f.File == file && f.Field == field && f.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(FaultSeverity.Warning, warning.Severity);
        Assert.NotEmpty(warning.Mend);
    }

    [Theory]
    [InlineData("profiles.yaml", "default: balanced", "defalt: balanced", "did you mean 'default'?")]
    [InlineData("profiles.yaml", "cost_rank: 0", "cost_rank: cheap", "write a whole number from 0 to 1000")]
    [InlineData("profiles.yaml", "default: balanced", "default: balancd", "did you mean 'balanced'?")]
    [InlineData("profiles.yaml", "scrapers: [cpu, load, memory, filesystem]", "scrapers: [cpu, lod]", "did you mean 'load'?")]
    [InlineData("profiles.yaml", "        web_server: 5", "        web_srver: 5", "did you mean 'web_server'?")]
    [InlineData("rings.yaml", "rollout_order: [4, 3, 2, 1, 0]", "rollout_order: [4, 3, 2, 1]", "name each ring once")]
    [InlineData("rings.yaml", "pins: {}", "pins: {web-1: 7}", "there are: 0, 1, 2, 3, 4")]
    [InlineData("feature-flags.yaml", "rings: [4]", "rings: [9]", "there are: 0, 1, 2, 3, 4")]
    [InlineData("feature-flags.yaml", "strategy: \"canary\"", "strategy: \"canry\"", "did you mean 'canary'? Known: all, percentage, canary, ring, tenant")]
    [InlineData("feature-flags.yaml", "enabled: true", "enabled: yes", "write true")]
    [InlineData("multi-tenant-config.yaml", "profile: \"conservative\"", "profile: \"stingy\"", "there are: emergency, conservative, balanced, aggressive")]
    [InlineData("multi-tenant-config.yaml", "memory: \"4Gi\"", "memory: \"4 gigs\"", "write 4Gi or 512Mi")]
    [InlineData("classification.yaml", "'^systemd-'", "'^(systemd-'", "mend it there, or put a backslash before a character that is meant as it is")]
    [InlineData("classification.yaml", "'^systemd-'", "'(?=systemd)'", "leave out look-around, back references and atomic groups")]
    [InlineData("classification.yaml", "'^systemd-'", @"'\Asystemd\Z'", "write it with plain classes such as [a-z0-9]")]
    [InlineData("filters.yaml", "\"^process[.](threads|paging|context_switches)\")", "\"^process", "check its quotes and brackets")]
    [InlineData("chaos-scenarios.yaml", "duration: \"5m\"", "duration: \"5 minutes\"", "write it as 30s, 5m, 1h or 7d")]
    [InlineData("secrets.yaml", "\"secret/data/nrdot/api\"", "\"NRAK-ABCDEF0123456789\"", "such as secret/data/nrdot/new_relic: a secret's value must never stand here")]
    [InlineData("changes.yaml", "approvals: 1", "approvals: many", "write a whole number from 0 to 10")]
    public void A_fault_names_its_line_and_its_mend(string file, string from, string to, string mend)
    {
        var text = ShippedFiles.All[file];
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} does not hold {from}");
        var line = text[..at].Count(c => c == '\n') + 1;
        Assert.Contains(Validate((file, text[..at] + to + text[(at + from.Length)..])).Errors, f => f.File == file && f.Line == line && f.Mend.StartsWith(mend, StringComparison.Ordinal));
    }

    [Fact]
    public void Shares_that_do_not_add_up_say_by_how_much()
    {
        var fault = OnlyError(Validate(("rings.yaml", ShippedFiles.All["rings.yaml"].Replace("share: 0.05", "share: 0.15", StringComparison.Ordinal))));
        Assert.Equal(("rings", "they add up to exactly 1: take away 0.10"), (fault.Field, fault.Mend));
    }

    [Fact]
    public void A_circle_of_prerequisites_is_shown()
    {
        var fault = Validate(("feature-flags.yaml", """
            features:
              a: {enabled: true, prerequisites: [b]}
              b: {enabled: true, prerequisites: [c]}
              c: {enabled: true, prerequisites: [a]}
            """)).Errors.First();
        Assert.Equal("features.a", fault.Field);
        Assert.Contains("a → b → c → a", fault.Message);
    }

    [Fact]
    public void A_prerequisite_that_is_no_flag_is_a_fault() =>
        Assert.Equal("features.a.prerequisites[0]", OnlyError(Validate(("feature-flags.yaml", "features:\n  a: {enabled: true, prerequisites: [b]}\n"))).Field);

    [Fact]
    public void A_file_that_cannot_be_read_is_blamed_alone()
    {
        var fault = OnlyError(Validate(("profiles.yaml", "default: {")));
        Assert.Equal("profiles.yaml", fault.File);
    }

    [Fact]
    public void A_fragment_of_a_flag_is_kept_as_yaml() =>
        Assert.Equal("processors:\n  batch:\n    timeout: 5s\n", Validate(("feature-flags.yaml", """
            features:
              quick:
                enabled: true
                collector:
                  processors:
                    batch: {timeout: 5s}
            """)).State!.Flags.Find("quick")!.CollectorConfig);

    [Fact]
    public void Freeze_windows_and_approvals_are_read()
    {
        var rules = Validate(("changes.yaml", """
            approvals: 2
            files:
              - path: runbooks/*
                approvals: 0
            freeze_windows:
              - name: Weekend
                days: [sat, sun]
            """)).Rules!;
        Assert.Equal((2, 0, 2), (rules.ApprovalsFor(["rings.yaml"]), rules.ApprovalsFor(["runbooks/a.md"]), rules.ApprovalsFor(["rings.yaml", "runbooks/a.md"])));
        Assert.Equal("Weekend", rules.FreezeAt(new(2026, 11, 22, 23, 59, 0, TimeSpan.Zero))?.Name);
        Assert.Null(rules.FreezeAt(new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_yaml_file_that_the_console_does_not_know_is_told()
    {
        var report = Validate(("feature_flags.yaml", "a: 1\n"));
        Assert.NotNull(report.State);
        Assert.Equal("did you mean 'feature-flags.yaml'?", Assert.Single(report.Faults, f => f.File == "feature_flags.yaml").Mend);
    }

    [Fact]
    public void Optional_files_are_checked_where_they_stand()
    {
        var report = Validate(
            ("budgets.yaml", "budgets:\n  fleet:\n    daily_usd: 1000\n    actions:\n      - {at: 1.2, do: profile, profile: conservative}\n"),
            ("slos.yaml", "slos:\n  - {name: Coverage, layer: business, objective: 0.99, window: 30d, signal: nrdot.coverage.critical, min: 0.95}\n"),
            ("synthetics.yaml", "checks:\n  - {name: Ingest, kind: http, url: \"https://console.example/healthz/ready\", every: 1m, status: 200}\n"));
        Assert.Empty(report.Errors);
        Assert.Equal("budgets.fleet.actions[0].profile", OnlyError(Validate(("budgets.yaml", "budgets:\n  fleet:\n    daily_usd: 1\n    actions:\n      - {at: 1.2, do: profile, profile: none}\n"))).Field);
    }
}
