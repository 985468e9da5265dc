using System.Data.Common;
using NrdotConsole.App.Platform.Prometheus;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Anomalies;

/// <summary>The rates of the last 30 days by tenant, for <c>/metrics</c>: read once a minute, for a scrape asks memory only.</summary>
internal sealed class FeedbackGauges(FeedbackStore feedback, TimeProvider time, ILogger<FeedbackGauges> log) : BackgroundService
{
    public static readonly TimeSpan Window = TimeSpan.FromDays(30), Every = TimeSpan.FromMinutes(1);
    static readonly TimeSpan s_warnEvery = TimeSpan.FromMinutes(10);

    IReadOnlyDictionary<string, AnomalyFeedback> _byTenant = new Dictionary<string, AnomalyFeedback>();

    public async Task ReadAsync(CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        _byTenant = await feedback.ByTenantAsync(SignalScope.Fleet, now - Window, now, ct);
    }

    public void Write(PrometheusText text)
    {
        var tenants = _byTenant.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        text.Gauge("nrdot_anomaly_false_positive_ratio", "False alarms of the labelled verdicts that began in the last 30 days, 0 to 1; absent while nobody labelled.");
        foreach (var (tenant, f) in tenants) text.Sample(f.FalsePositiveShare, ("tenant", tenant));
        text.Gauge("nrdot_anomaly_detection_ratio", "Found ones of the anomalies of the last 30 days that people know were real, 0 to 1; absent while none is known.");
        foreach (var (tenant, f) in tenants) text.Sample(f.DetectionRate, ("tenant", tenant));
        text.Gauge("nrdot_anomaly_verdicts", "Verdicts that began in the last 30 days, by what people said they were.");
        foreach (var (tenant, f) in tenants)
            text.Sample(f.Real, ("tenant", tenant), ("label", "real")).Sample(f.FalseAlarms, ("tenant", tenant), ("label", "false_alarm")).Sample(f.Unlabelled, ("tenant", tenant), ("label", "none"));
        text.Gauge("nrdot_anomalies_missed", "Anomalies of the last 30 days that people reported and no verdict told.");
        foreach (var (tenant, f) in tenants) text.Sample(f.Missed, ("tenant", tenant));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var warnedAt = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                try
                {
                    await ReadAsync(stoppingToken);
                }
                catch (DbException fault)
                {
                    if (time.GetUtcNow() - warnedAt < s_warnEvery) continue;
                    warnedAt = time.GetUtcNow();
                    log.LogWarning(fault, "The labels of anomalies could not be read; /metrics shows what they said last. It is tried again every minute. See whether console.db is locked or damaged.");
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops.
        }
    }
}
