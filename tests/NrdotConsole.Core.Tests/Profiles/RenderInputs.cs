using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Tenants;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Tests.Profiles;

static class RenderInputs
{
    public static readonly CollectorEndpoints Endpoints = new("http://console.example:4318");

    public static RenderInput Of(string profile = "balanced", int ring = 0) => Of(ShippedProfiles.All.Find(profile)!, ring);

    public static RenderInput Of(Profile profile, int ring = 0) =>
        new(profile, ring, null, [], FilterSet.None, ProcessClassification.Default, TenantSet.None, Endpoints);

    /// <summary>All that an input can hold.</summary>
    public static RenderInput Full(string profile = "conservative", int ring = 4)
    {
        var production = new Tenant("production", "prod", "balanced", 10_000, 2, 4L << 30);
        var staging = new Tenant("staging", "staging", "conservative", 5_000, 1, 2L << 30);
        return Of(profile, ring) with
        {
            Tenant = staging,
            Tenants = new([production, staging]),
            Filters = new([
                new("no loop devices", true, ["IsMatch(metric.name, \"^system.disk\") and IsMatch(attributes[\"device\"], \"^loop[0-9]+$\")"]),
                new("quiet-production", true, ["metric.name == \"system.network.connections\""], "production"),
                new("off", false, ["true"]),
            ]),
            FlagsOn = [
                new()
                {
                    Key = "drop-virtual-memory", Enabled = true,
                    Fragment = YamlMap.Of(
                        ("processors", YamlMap.Of(("filter/virtual", YamlMap.Of(("metrics", YamlMap.Of(("metric", YamlList.Of("name == \"process.memory.virtual\"")))))))),
                        ("service", YamlMap.Of(("pipelines", YamlMap.Of(("metrics/host", YamlMap.Of(("processors", YamlList.Of("filter/virtual"))))))))),
                },
            ],
            Declared = ["billing-worker"],
        };
    }

    /// <summary>A profile of any numbers.</summary>
    public static Profile Any(Random random) => new()
    {
        Name = "any", CostRank = random.Next(5), TargetReduction = random.NextDouble(), MinImportance = random.Next(12) / 10.0,
        CpuPercent = random.Next(200), MemoryMb = random.Next(2_000), IoKbPerSecond = random.Next(20_000), MaxSeriesPerHost = random.Next(20_000),
        TopK = new[] { "critical_system", "database", "web_server", "application", "monitoring", "default" }.Where(_ => random.Next(4) > 0).ToDictionary(c => c, _ => random.Next(4)),
        Interval = TimeSpan.FromSeconds(random.Next(1, 300)),
        ProcessMetrics = [.. new[] { "process.cpu.time", "process.disk.io", "process.memory.usage", "process.memory.virtual", "process.threads" }.Where(_ => random.Next(3) > 0).Append("process.cpu.time").Distinct()],
    };
}
