using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry;

/// <summary>Which labels a metric's series carry, and their values: what the explorer suggests.</summary>
internal sealed class MetricLabels(QueryEngine engine, TimeProvider clock)
{
    /// <summary>Keys are read from this many series, values are suggested up to this many.</summary>
    public const int Most = 300;

    static readonly TimeSpan Recent = TimeSpan.FromMinutes(30);

    public async Task<IReadOnlyList<string>> KeysAsync(string metric, IReadOnlyCollection<string>? tenants, CancellationToken ct)
    {
        var result = await engine.RunAsync(Window(metric, null, tenants), ct);
        return [.. result.Series.SelectMany(s => s.Labels.Keys).Distinct().Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<string>> ValuesAsync(string metric, string key, IReadOnlyCollection<string>? tenants, CancellationToken ct)
    {
        var result = await engine.RunAsync(Window(metric, [key], tenants), ct);
        return [.. result.Series.Select(s => s.Labels.Get(key)).Where(v => v.Length > 0).Distinct().Order(StringComparer.Ordinal)];
    }

    MetricQuery Window(string metric, IReadOnlyList<string>? group, IReadOnlyCollection<string>? tenants)
    {
        var now = clock.GetUtcNow();
        return new() { Metric = metric, GroupBy = group, From = now - Recent, To = now, Step = Recent, Aggregation = Aggregation.Count, SeriesLimit = Most, Tenants = tenants };
    }
}
