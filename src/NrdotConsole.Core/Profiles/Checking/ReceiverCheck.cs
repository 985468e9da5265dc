using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>The host metrics receiver's usual mistakes, and settings that a collector takes and ignores.</summary>
static class ReceiverCheck
{
    static readonly HashSet<string> s_scrapers = ["cpu", "disk", "load", "filesystem", "memory", "network", "nfs", "paging", "process", "processes", "system"];

    public static void Check(YamlMap config, Findings findings)
    {
        foreach (var receiver in (config.Find("receivers") as YamlMap)?.Entries ?? [])
        {
            if (KnownComponents.Squash(ComponentId.TypeOf(receiver.Key)) == "hostmetrics" && receiver.Value is YamlMap settings) HostMetrics(receiver, settings, findings);
        }
        if (config.Find("service", "telemetry", "metrics") is YamlMap metrics && metrics.Entries.FirstOrDefault(e => e.Key == "address") is { Key: not null } address)
            findings.Warning(address.Line, "service.telemetry.metrics.address", "Current collectors ignore this address.", "Use service.telemetry.metrics.readers.");
    }

    static void HostMetrics(YamlEntry receiver, YamlMap settings, Findings findings)
    {
        var path = $"receivers.{receiver.Key}";
        foreach (var entry in settings.Entries.Where(e => s_scrapers.Contains(e.Key)))
            findings.Error(entry.Line, $"{path}.{entry.Key}", $"'{entry.Key}' stands outside 'scrapers'.", $"Move it: scrapers: {{{entry.Key}: }}.");
        if (settings.Find("scrapers") is not YamlMap { Entries.Count: > 0 } scrapers)
        {
            findings.Error(receiver.Line, path, "The receiver has no scrapers: the collector would not start.", "Name at least one: scrapers: {cpu: }.");
            return;
        }
        foreach (var entry in scrapers.Entries.Where(e => !s_scrapers.Contains(e.Key)))
            findings.Error(entry.Line, $"{path}.scrapers.{entry.Key}", $"'{entry.Key}' is no scraper of host metrics.", $"The scrapers are {string.Join(", ", s_scrapers.Order(StringComparer.Ordinal))}.");
        if (settings.Find("collection_interval") is { Value: { } interval } node && !interval.Contains("${", StringComparison.Ordinal)
            && (!GoDuration.TryParse(interval, out var duration) || duration < TimeSpan.FromSeconds(1)))
            findings.Error(node.Line, $"{path}.collection_interval", $"'{interval}' is no interval of a second or more.", "Write it with its unit: 60s.");
        if (scrapers.Find("process", "metrics") is YamlMap metrics)
        {
            foreach (var metric in metrics.Entries.Where(m => !ProcessScraper.KnownMetrics.Contains(m.Key)))
                findings.Error(metric.Line, $"{path}.scrapers.process.metrics.{metric.Key}", $"The process scraper has no metric '{metric.Key}'.", $"It has {string.Join(", ", ProcessScraper.KnownMetrics)}.");
        }
    }
}
