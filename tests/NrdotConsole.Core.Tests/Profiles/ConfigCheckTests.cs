using FsCheck.Xunit;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Tests.Profiles;

public sealed class ConfigCheckTests
{
    static IReadOnlyList<ConfigFinding> Check(YamlNode config) => ConfigCheck.Check(config, ProcessClassification.Default);

    static YamlMap With(YamlMap fragment) => Fragment.Merge(CollectorConfigRenderer.Document(RenderInputs.Of()), fragment);

    static YamlMap Under(string path, YamlNode value) => path.Split('|').Reverse().Aggregate(value, (inner, key) => YamlMap.Of((key, inner))).AsMap!;

    static ConfigFinding Refusal(YamlNode config) => Assert.Single(Check(config), f => f.IsError);

    public static TheoryData<string> Profiles => [.. ShippedProfiles.All.Profiles.Select(p => p.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void What_is_rendered_passes(string profile)
    {
        Assert.Empty(Check(CollectorConfigRenderer.Document(RenderInputs.Of(profile))));
        Assert.Empty(Check(CollectorConfigRenderer.Document(RenderInputs.Full(profile))));
    }

    [Property(MaxTest = 60)]
    public void What_is_rendered_of_any_profile_passes(int seed) =>
        Assert.DoesNotContain(Check(CollectorConfigRenderer.Document(RenderInputs.Of(RenderInputs.Any(new Random(seed))))), f => f.IsError);

    [Fact]
    public void An_unknown_component_is_refused_with_the_near_one()
    {
        var refusal = Refusal(With(YamlMap.Of(("processors", YamlMap.Of(("filtr/a", YamlMap.Empty))))));
        Assert.Equal(("processors.filtr/a", "Did you mean 'filter'?"), (refusal.Path, refusal.Mend));
    }

    [Fact]
    public void The_routing_processor_of_old_is_refused_with_what_took_its_place() =>
        Assert.Contains("routing connector", Refusal(With(YamlMap.Of(("processors", YamlMap.Of(("routing/tenant", YamlMap.Empty)))))).Mend, StringComparison.Ordinal);

    [Theory]
    [InlineData("hostmetrics")]
    [InlineData("host_metrics")]
    public void Old_and_new_spellings_are_known(string type) => Assert.True(KnownComponents.IsKnown("receivers", type));

    [Theory]
    [InlineData("service|pipelines|metrics/host|processors", "filter/none", "service.pipelines.metrics/host.processors")]
    [InlineData("service|pipelines|metrics/host|exporters", "otlp_http/none", "service.pipelines.metrics/host.exporters")]
    [InlineData("service|extensions", "opamp", "service.extensions")]
    public void What_is_named_and_not_defined_is_refused(string path, string id, string at) =>
        Assert.Equal(at, Refusal(With(Under(path, YamlList.Of(id)))).Path);

    [Fact]
    public void A_connector_without_both_sides_is_refused() =>
        Assert.Contains(Check(With(YamlMap.Of(("connectors", YamlMap.Of(("forward", YamlMap.Empty)))))), f => f.IsError && f.Path == "connectors.forward");

    [Fact]
    public void A_route_to_a_pipeline_that_does_not_receive_from_it_is_refused()
    {
        var config = Fragment.Merge(CollectorConfigRenderer.Document(RenderInputs.Full()),
            Under("connectors|routing/tenant|default_pipelines", YamlList.Of("metrics/inventory")));
        Assert.Contains(Check(config), f => f.IsError && f.Path == "connectors.routing/tenant" && f.Message.Contains("metrics/inventory", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exporter_that_no_pipeline_uses_is_refused() =>
        Assert.Equal("exporters.debug", Refusal(With(Under("exporters|debug", YamlMap.Empty))).Path);

    [Fact]
    public void Memory_is_limited_first_or_the_configuration_is_refused()
    {
        var config = CollectorConfigRenderer.Document(RenderInputs.Of());
        var pipeline = YamlMap.Of(("receivers", YamlList.Of("otlp")), ("processors", YamlList.Of("batch", "memory_limiter")), ("exporters", YamlList.Of("otlp_http/console")));
        Assert.Contains("memory_limiter", Refusal(Fragment.Merge(config, Under("service|pipelines|metrics/extra", pipeline))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api-key", "0123456789", true)]
    [InlineData("api-key", "${env:NEW_RELIC_LICENSE_KEY}", false)]
    [InlineData("Authorization", "Bearer ${env:TOKEN}", false)]
    [InlineData("Authorization", "Bearer abc", true)]
    [InlineData("x-anything", "0123456789abcdef0123456789abcdef0123NRAL", true)]
    [InlineData("token_file", "/etc/token", false)]
    [InlineData("x-tenant", "acme", false)]
    public void A_secret_in_clear_is_refused(string header, string value, bool isRefused) =>
        Assert.Equal(isRefused, Check(With(Under("exporters|otlp_http/console|headers", YamlMap.Of((header, value))))).Any(f => f.IsError));

    /// <summary>The guide's family of configurations wrote the conditions of what to keep: a filter drops it.</summary>
    [Fact]
    public void A_filter_that_keeps_critical_processes_by_its_author_s_mind_is_refused_for_dropping_them()
    {
        var filter = YamlMap.Of(("metrics", YamlMap.Of(("datapoint", YamlList.Of("IsMatch(resource.attributes[\"process.executable.name\"], \"^(systemd|sshd|postgres)\")")))));
        var config = With(YamlMap.Of(
            ("processors", YamlMap.Of(("filter/keep-critical", filter))),
            ("service", Under("pipelines|metrics/processes|processors", YamlList.Of("filter/keep-critical")))));
        var refusal = Refusal(config);
        Assert.Contains("postgres", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("sshd", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metric.name == \"process.threads\"", false)]
    [InlineData("resource.attributes[\"process.executable.name\"] == \"sshd\"", true)]
    public void The_conditions_of_a_group_of_statements_are_simulated(string condition, bool isRefused)
    {
        var group = YamlMap.Of(("conditions", YamlList.Of(condition)), ("statements", YamlList.Of("set(resource.attributes[\"nrdot.drop\"], \"mine\")")));
        var config = With(YamlMap.Of(
            ("processors", YamlMap.Of(
                ("transform/mark", YamlMap.Of(("metric_statements", new YamlList([group])))),
                ("filter/marked", YamlMap.Of(("metric_conditions", YamlList.Of("resource.attributes[\"nrdot.drop\"] == \"mine\"")))))),
            ("service", Under("pipelines|metrics/processes|processors", YamlList.Of("transform/mark", "filter/marked")))));
        // Marks of the selection are taken off by then; this one is set anew.
        Assert.Equal(isRefused, Check(config).Any(f => f.IsError));
    }

    [Fact]
    public void A_filtered_inventory_is_refused()
    {
        var config = With(Under("service|pipelines|metrics/inventory|processors", YamlList.Of("transform/processes", "filter/processes")));
        Assert.Contains(Check(config), f => f.IsError && f.Message.Contains("inventory", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_simulated_is_told_and_not_refused()
    {
        var config = With(YamlMap.Of(
            ("processors", YamlMap.Of(("filter/odd", YamlMap.Of(("metrics", YamlMap.Of(("datapoint", YamlList.Of("Hour(Now()) > 3")))))))),
            ("service", Under("pipelines|metrics/processes|processors", YamlList.Of("filter/odd")))));
        var told = Assert.Single(Check(config));
        Assert.False(told.IsError);
        Assert.Contains("Now", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scraper_beside_its_section_is_refused_with_where_it_belongs() =>
        Assert.Contains("scrapers", Refusal(With(Under("receivers|host_metrics|cpu", YamlMap.Empty))).Mend, StringComparison.Ordinal);

    [Property(MaxTest = 300)]
    public void No_document_of_any_shape_breaks_the_check(int seed)
    {
        var random = new Random(seed);
        Check(Shape(random, 5));
        Check(Fragment.Merge(CollectorConfigRenderer.Document(RenderInputs.Full()), Shape(random, 6) as YamlMap ?? YamlMap.Empty));
    }

    static readonly string[] s_words = ["receivers", "processors", "exporters", "connectors", "extensions", "service", "pipelines", "metrics", "telemetry", "host_metrics",
        "scrapers", "process", "filter", "transform", "metric_statements", "statements", "context", "table", "routing", "a/b", "", "metrics/host", "datapoint", "name == 1 and (", "attributes",
        "IsMatch(attributes[\"a\"], attributes[\"a\"])", "set(attributes[\"a\"], \"(\")", "set(name, 1)", "delete_key(metric.name, 1)", "delete_matching_keys(attributes, \"(\")"];

    static YamlNode Shape(Random random, int depth) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        0 => random.Next(3) == 0 ? YamlScalar.Null : (YamlNode)s_words[random.Next(s_words.Length)],
        1 => new YamlList([.. Enumerable.Range(0, random.Next(4)).Select(_ => Shape(random, depth - 1))]),
        _ => YamlMap.Of(Enumerable.Range(0, random.Next(6)).Select(_ => s_words[random.Next(s_words.Length)]).Distinct().Select(k => (k, Shape(random, depth - 1)))),
    };
}
