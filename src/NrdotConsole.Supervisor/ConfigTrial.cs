using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.Supervisor;

/// <summary>
/// Puts a configuration on trial: the collector validates it, it takes the place of the old one as a whole, the collector reloads, and
/// is watched. What does not come up healthy gives way to the last good one, and so does what ends twice during probation: a single end
/// has causes enough that are no fault of the file (a kill, a moment without memory). Nothing is touched before the collector has found
/// the file valid.
/// </summary>
internal sealed class ConfigTrial(SupervisorOptions options, StateDirectory state, CollectorProcess collector, HealthProbe probe, TimeProvider time, TextWriter log)
{
    static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500);

    DateTimeOffset _probationUntil;
    string? _ended;
    bool _hadHealth;

    /// <summary>Whether an end of the collector counts against the configuration that it runs.</summary>
    public bool IsOnProbation => time.GetUtcNow() < _probationUntil;

    /// <summary>How the collector ended by itself, and came up again, in the probation that still runs; null where it did not.</summary>
    public string? EndedOnce => IsOnProbation ? _ended : null;

    /// <returns>Null where it runs well, else why it does not; the last good one runs then.</returns>
    public async Task<string?> RunAsync(ReadOnlyMemory<byte> yaml, CancellationToken ct)
    {
        state.WriteCandidate(yaml.Span);
        if (await collector.ValidateAsync(state.Candidate, ct) is { } invalid) return $"The collector refuses it: {invalid}";

        state.BeginTrial();
        var ready = (await probe.ReadAsync(ct)).Ready;
        try
        {
            if (collector.IsRunning) await collector.ReloadAsync(ready == true);
            else collector.Start();
        }
        catch (InvalidOperationException broken)
        {
            // No fault of the configuration, and yet it is not known to be good.
            state.Restore();
            return broken.Message;
        }
        _hadHealth = ready is not null;
        if (await WatchAsync(_hadHealth, ct) is { } fault)
        {
            await FallBackAsync();
            return fault;
        }
        state.Keep();
        (_probationUntil, _ended) = (time.GetUtcNow() + options.Probation, null);
        return null;
    }

    /// <summary>
    /// The collector ended by itself on probation. The first time it is started again with the same configuration and must come up
    /// as a new one must; then probation begins anew, so that what ends again and again is found out however it spaces its ends.
    /// </summary>
    /// <returns>Null where it runs well, else why it does not; the last good one runs then.</returns>
    /// <exception cref="InvalidOperationException">Its program cannot be started: no fault of the configuration.</exception>
    public async Task<string?> ReviveAsync(CancellationToken ct)
    {
        var (how, words) = (collector.EndedHow, collector.LastWords);
        if (EndedOnce is { } before)
        {
            await FallBackAsync();
            return $"The collector ended by itself twice soon after it was applied, {before} and {how}: {words}";
        }
        collector.Start();
        if (await WatchAsync(_hadHealth, ct) is { } fault)
        {
            await FallBackAsync();
            return $"The collector ended by itself soon after it was applied, {how}: {words}. Started again with the same configuration: {fault}";
        }
        (_probationUntil, _ended) = (time.GetUtcNow() + options.Probation, how);
        return null;
    }

    /// <summary>The last good configuration again, with a new process.</summary>
    public async Task FallBackAsync()
    {
        (_probationUntil, _ended) = (default, null);
        await collector.StopAsync();
        if (!state.Restore()) log.WriteLine("There is no last good configuration to fall back to; the collector is started with what it has.");
        collector.Start();
    }

    async Task<string?> WatchAsync(bool hadHealth, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + options.ApplyTimeout;
        DateTimeOffset? healthySince = null;
        var detail = "";
        while (time.GetUtcNow() < deadline)
        {
            await Task.WhenAny(Task.Delay(s_lookEvery, time, ct), collector.Ended);
            ct.ThrowIfCancellationRequested();
            if (!collector.IsRunning) return $"The collector ended with it {collector.EndedHow}: {collector.LastWords}";
            var reading = await probe.ReadAsync(ct);
            detail = reading.Detail;
            // Without a health_check extension, running is all that can be seen; one that was there before and is gone must come back.
            var isHealthy = reading.Ready ?? !hadHealth;
            healthySince = isHealthy ? healthySince ?? time.GetUtcNow() : null;
            if (time.GetUtcNow() - healthySince >= options.HealthyFor) return null;
        }
        return $"The collector was not healthy within {options.ApplyTimeout.TotalSeconds:0} s: {detail}";
    }

    /// <summary>The one file of what was offered, or why there is none to try.</summary>
    public static (ReadOnlyMemory<byte> Yaml, string? Fault) FileOf(AgentConfigMap offered)
    {
        var files = offered.Files.Where(f => !f.Value.Body.Span.Trim("\0 \t\r\n"u8).IsEmpty).ToList();
        return files switch
        {
            [] => (default, "The offered configuration is empty; the collector goes on with what it runs."),
            [var only] => (only.Value.Body, null),
            _ => (default, $"The offer has {files.Count} files ({string.Join(", ", files.Select(f => $"'{f.Key}'"))}); this supervisor takes one."),
        };
    }
}
