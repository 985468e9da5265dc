using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Tests.Profiles;

public sealed class ComponentFitTests
{
    static ComponentSet Set(params (string Section, string Types)[] sections) =>
        new(sections.ToDictionary(s => s.Section, s => (IReadOnlySet<string>)s.Types.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet()));

    [Fact]
    public void A_collector_of_old_names_gets_old_names()
    {
        var old = Set(("receivers", "otlp hostmetrics"), ("processors", "batch memory_limiter filter transform resource resourcedetection cumulativetodelta"), ("exporters", "otlphttp"));
        var config = CollectorConfigRenderer.Render(RenderInputs.Of() with { Components = old });
        Assert.Empty(config.Gaps);
        foreach (var name in new[] { "hostmetrics/processes:", "- hostmetrics/processes", "resourcedetection:", "cumulativetodelta/processes:", "otlphttp/console:", "- otlphttp/console" })
            Assert.Contains(name, config.Yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("host_metrics", config.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_core_collector_gets_what_it_has_components_for_and_is_told_the_rest()
    {
        var core = Set(("receivers", "otlp"), ("processors", "batch memory_limiter"), ("exporters", "otlp_http debug"), ("connectors", "forward"), ("extensions", "zpages"));
        foreach (var input in new[] { RenderInputs.Of(), RenderInputs.Full() })
        {
            var fitted = input with { Components = core };
            var config = CollectorConfigRenderer.Render(fitted);
            Assert.Contains(config.Gaps, g => g.Contains("host_metrics", StringComparison.Ordinal));
            Assert.Contains(config.Gaps, g => g.Contains("metrics/processes", StringComparison.Ordinal));
            Assert.DoesNotContain("host_metrics", config.Yaml, StringComparison.Ordinal);
            Assert.DoesNotContain("health_check", config.Yaml, StringComparison.Ordinal);
            Assert.DoesNotContain(ConfigCheck.Check(CollectorConfigRenderer.Document(fitted), ProcessClassification.Default), f => f.IsError);
        }
    }

    [Fact]
    public void Without_the_routing_connector_data_still_reach_the_exporters()
    {
        var without = Set(("connectors", "forward"));
        var config = CollectorConfigRenderer.Document(RenderInputs.Full() with { Components = without });
        Assert.True(PipelineSimulation.Of(config).Run(new SampleProcess("postgres")).IsKept);
    }
}
