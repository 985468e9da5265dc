using FsCheck.Xunit;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Tests.Profiles;

public sealed class ConfigComparisonTests
{
    static YamlMap Config(params (string Path, YamlNode Value)[] parts) =>
        parts.Aggregate(YamlMap.Empty, (config, part) => Fragment.Merge(config, part.Path.Split('|').Reverse().Aggregate(part.Value, (inner, key) => YamlMap.Of((key, inner))).AsMap!));

    static string[] Paths(YamlNode assigned, YamlNode effective) => [.. ConfigComparison.Compare(assigned, effective).Select(d => d.Path)];

    [Theory]
    [InlineData("60s", "1m0s", true)]
    [InlineData("60s", "1m", true)]
    [InlineData("90s", "1m", false)]
    [InlineData("gzip", "zstd", false)]
    [InlineData("secret", "[REDACTED]", true)]
    [InlineData("${env:HOST_ID}", "i-0123", true)]
    [InlineData("^a$$", "^a$", true)]
    public void Values_are_compared_by_what_they_mean(string assigned, string effective, bool areSame) =>
        Assert.Equal(areSame ? [] : ["exporters.otlp_http.x"], Paths(Config(("exporters|otlp_http|x", assigned)), Config(("exporters|otlp_http|x", effective))));

    [Fact]
    public void Old_and_new_spellings_of_a_component_are_one()
    {
        var assigned = Config(("receivers|host_metrics/a|collection_interval", "60s"), ("service|pipelines|metrics|receivers", YamlList.Of("host_metrics/a")));
        var effective = Config(("receivers|hostmetrics/a|collection_interval", "60s"), ("service|pipelines|metrics|receivers", YamlList.Of("hostmetrics/a")));
        Assert.Empty(Paths(assigned, effective));
    }

    [Fact]
    public void Defaults_that_the_collector_filled_in_are_no_drift()
    {
        var assigned = Config(("processors|batch", YamlScalar.Null), ("exporters|otlp_http|sending_queue|enabled", true), ("service|telemetry|metrics|level", "detailed"));
        var effective = Config(("processors|batch|timeout", "200ms"), ("exporters|otlp_http|sending_queue|num_consumers", 10), ("exporters|otlp_http|encoding", "proto"),
            ("service|telemetry|metrics|level", "Detailed"), ("service|telemetry|logs|level", "info"), ("connectors", YamlMap.Empty));
        Assert.Empty(Paths(assigned, effective));
    }

    [Fact]
    public void Headers_as_a_map_and_as_a_list_are_the_same()
    {
        var list = new YamlList([YamlMap.Of(("name", "api-key"), ("value", "[REDACTED]")), YamlMap.Of(("name", "x-tenant"), ("value", "acme"))]);
        Assert.Empty(Paths(Config(("exporters|otlp_http|headers", YamlMap.Of(("x-tenant", "acme"), ("api-key", "k")))), Config(("exporters|otlp_http|headers", list))));
        Assert.Equal(["exporters.otlp_http.headers.x-tenant"],
            Paths(Config(("exporters|otlp_http|headers", YamlMap.Of(("x-tenant", "other")))), Config(("exporters|otlp_http|headers", list))));
    }

    [Fact]
    public void A_component_more_or_less_is_drift()
    {
        var assigned = Config(("processors|filter/a|error_mode", "ignore"));
        var effective = Config(("processors|filter/b|error_mode", "ignore"));
        Assert.Equal(["processors.filter/a", "processors.filter/b"], Paths(assigned, effective));
    }

    [Fact]
    public void OpenTelemetry_s_supervisor_may_add_its_extension()
    {
        var assigned = Config(("extensions|health_check", YamlMap.Empty), ("service|extensions", YamlList.Of("health_check")));
        var effective = Config(("extensions|health_check", YamlMap.Empty), ("extensions|opamp|instance_uid", "x"), ("service|extensions", YamlList.Of("health_check", "opamp")));
        Assert.Empty(Paths(assigned, effective));
    }

    [Fact]
    public void Processors_run_in_their_order_and_exporters_are_a_set()
    {
        const string At = "service|pipelines|metrics|";
        Assert.Equal(["service.pipelines.metrics.processors"], Paths(Config((At + "processors", YamlList.Of("a", "b"))), Config((At + "processors", YamlList.Of("b", "a")))));
        Assert.Empty(Paths(Config((At + "exporters", YamlList.Of("a", "b"))), Config((At + "exporters", YamlList.Of("b", "a")))));
    }

    [Property(MaxTest = 30)]
    public void A_configuration_does_not_drift_from_itself_in_any_order(int seed)
    {
        var config = CollectorConfigRenderer.Document(RenderInputs.Full() with { Profile = RenderInputs.Any(new Random(seed)) });
        Assert.Empty(Paths(config, Shuffled(config, new Random(seed))));
    }

    static YamlNode Shuffled(YamlNode node, Random random)
    {
        if (node is not YamlMap map) return node;
        var entries = map.Entries.Select(e => e with { Value = Shuffled(e.Value, random) }).ToArray();
        random.Shuffle(entries);
        return new YamlMap(entries);
    }
}
