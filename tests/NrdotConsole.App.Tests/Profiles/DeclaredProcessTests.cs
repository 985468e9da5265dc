using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Tests.Profiles;

/// <summary>From the files of the repository to what a collector sends.</summary>
public sealed class DeclaredProcessTests
{
    const string File = "classification.yaml";

    static PipelineSimulation Rendered(string classification, string flags = "features: {}")
    {
        var report = ConfigValidation.Validate(new Dictionary<string, string> { [File] = classification, ["feature-flags.yaml"] = flags });
        Assert.Empty(report.Errors);
        return PipelineSimulation.Of(CollectorConfigRenderer.Document(HostConfig.Resolve(report.State!, new("default", "h-1", "h-1"), 0, new("http://console.example:4318"))));
    }

    [Fact]
    public void A_declared_process_is_sent_whatever_its_class()
    {
        var idle = new SampleProcess("billing-worker", "app");
        Assert.False(Rendered(ShippedFiles.All[File]).Run(idle).IsKept);
        Assert.True(Rendered(ShippedFiles.All[File].Replace("declared: []", "declared: [billing-worker]", StringComparison.Ordinal)).Run(idle).IsKept);
    }

    [Fact]
    public void A_flag_s_fragment_reaches_the_collector()
    {
        const string Flags = """
            features:
              no-java:
                enabled: true
                rollout: {strategy: "ring", rings: [0]}
                collector:
                  processors:
                    filter/java: {metrics: {datapoint: ['resource.attributes["process.executable.name"] == "java"']}}
                  service: {pipelines: {metrics/processes: {processors: [filter/java]}}}
            """;
        var java = new SampleProcess("java", "app", 80, 2_000_000_000);
        Assert.True(Rendered(ShippedFiles.All[File]).Run(java).IsKept);
        Assert.False(Rendered(ShippedFiles.All[File], Flags).Run(java).IsKept);
    }
}
