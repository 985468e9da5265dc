using System.Globalization;

namespace NrdotConsole.Supervisor;

/// <summary>
/// What a look at the collector found. <see cref="Ready"/> is null where its configuration has no health_check extension at the known
/// address; the shares are null where it tells no metrics of its own there.
/// </summary>
internal sealed record HealthReading(bool? Ready, string Detail, double? QueueShare, double? RefusedPoints)
{
    public static readonly HealthReading Unknown = new(null, "", null, null);
}

/// <summary>Asks the collector's health_check extension and reads its self-telemetry, both on the loopback.</summary>
internal sealed class HealthProbe(SupervisorOptions options) : IDisposable
{
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2), MaxResponseContentBufferSize = 4 * 1024 * 1024 };

    public async Task<HealthReading> ReadAsync(CancellationToken ct)
    {
        var (ready, detail) = await ReadyAsync(ct);
        var (queue, refused) = await SelfMetricsAsync(ct);
        return new(ready, detail, queue, refused);
    }

    async Task<(bool?, string)> ReadyAsync(CancellationToken ct)
    {
        try
        {
            using var response = await _http.GetAsync(options.Health, ct);
            return (response.IsSuccessStatusCode, response.IsSuccessStatusCode ? "" : $"{options.Health} answers {(int)response.StatusCode}");
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return (null, $"{options.Health} does not answer");
        }
    }

    /// <summary>The fullest queue's share, and points refused so far.</summary>
    async Task<(double?, double?)> SelfMetricsAsync(CancellationToken ct)
    {
        string text;
        try
        {
            text = await _http.GetStringAsync(options.SelfMetrics, ct);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return (null, null);
        }
        var sizes = new Dictionary<string, double>(StringComparer.Ordinal);
        var capacities = new Dictionary<string, double>(StringComparer.Ordinal);
        double? refused = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('#') || Value(line) is not { } value) continue;
            var labels = line.IndexOf('{', StringComparison.Ordinal) is >= 0 and var brace ? line[brace..line.LastIndexOf('}')] : "";
            if (line.StartsWith("otelcol_exporter_queue_size", StringComparison.Ordinal)) sizes[labels] = value;
            else if (line.StartsWith("otelcol_exporter_queue_capacity", StringComparison.Ordinal)) capacities[labels] = value;
            else if (line.StartsWith("otelcol_receiver_refused_metric_points", StringComparison.Ordinal)) refused = (refused ?? 0) + value;
        }
        double? share = null;
        foreach (var (labels, capacity) in capacities)
        {
            if (capacity > 0 && sizes.TryGetValue(labels, out var size)) share = Math.Max(share ?? 0, size / capacity);
        }
        return (share, refused);
    }

    static double? Value(string line) =>
        line.LastIndexOf(' ') is > 0 and var space && double.TryParse(line.AsSpan(space + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    public void Dispose() => _http.Dispose();
}
