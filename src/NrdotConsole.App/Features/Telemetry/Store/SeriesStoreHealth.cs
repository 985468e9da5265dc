using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Unhealthy while points can't be kept (senders are told to retry), degraded while they are kept but something else is wrong; the text says the mend.</summary>
internal sealed class SeriesStoreHealth(SeriesStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = store.Stats().Health;
        return Task.FromResult(
            !store.IsOpen ? HealthCheckResult.Unhealthy("The write-ahead log is being read back; senders are told to retry meanwhile.")
            : !health.Writable ? HealthCheckResult.Unhealthy(health.Fault)
            : health.Fault is { } fault ? HealthCheckResult.Degraded(fault)
            : HealthCheckResult.Healthy());
    }
}
