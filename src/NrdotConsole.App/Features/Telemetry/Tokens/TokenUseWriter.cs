using System.Data.Common;

namespace NrdotConsole.App.Features.Telemetry.Tokens;

/// <summary>Once a minute, and at the end, writes down when tokens were last used.</summary>
internal sealed class TokenUseWriter(IngestTokenStore tokens, TimeProvider time, ILogger<TokenUseWriter> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SaveAsync();
        }
        catch (OperationCanceledException)
        {
            await SaveAsync();
        }
    }

    async Task SaveAsync()
    {
        try
        {
            await tokens.SaveLastUsedAsync(CancellationToken.None);
        }
        catch (DbException fault)
        {
            log.LogWarning("When ingest tokens were last used could not be written ({Fault}); it is tried again in a minute.", fault.Message);
        }
    }
}
