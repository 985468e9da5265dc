using System.Data.Common;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Cardinality;
using NrdotConsole.App.Features.Cost;
using NrdotConsole.App.Features.Overview;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>The stores that the signals leave something in.</summary>
internal sealed record SignalStores(EventStore Events, KnownHosts Hosts, VerdictStore Verdicts, UsageStore Usage, SketchStore Sketches);

/// <summary>
/// Ticks the engine once a second and writes down what it leaves. A database that cannot be written does not stop the
/// signals: what is to be written waits, and is tried again at the next tick.
/// </summary>
internal sealed class SignalLoop(
    SignalEngine engine, SignalStores stores, SnapshotFile snapshots, SeriesStore store, IngestMeter meter, SignalBoard board, TimeProvider time,
    ILogger<SignalLoop> logger) : BackgroundService
{
    static readonly TimeSpan s_usageEvery = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_sketchesEvery = TimeSpan.FromMinutes(5);
    static readonly TimeSpan s_snapshotEvery = TimeSpan.FromMinutes(2);
    static readonly TimeSpan s_warnEvery = TimeSpan.FromMinutes(1);

    /// <summary>Writing what was learnt takes at most one part of so many of the time.</summary>
    const int SnapshotShare = 50;

    readonly OwnSeries _own = new(store);
    DateTimeOffset _usageAt, _sketchesAt, _warnedAt, _snapshotDue;
    Task _snapshot = Task.CompletedTask;
    bool _isResumed;

    /// <summary>Done when no snapshot is being written.</summary>
    public Task SnapshotWritten => _snapshot;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pace = new TickPace();
        using var timer = new PeriodicTimer(TickPace.Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = time.GetUtcNow();
                if (pace.IsDue(now, store.HasChangedHosts)) await TickAsync(now, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (_isResumed) await SaveAsync(time.GetUtcNow());
        }
    }

    /// <summary>Reads what an earlier run left.</summary>
    public async Task ResumeAsync(CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var open = await OpenAsync(ct);
        var recent = await stores.Verdicts.PageAsync(new() { Page = new(0, ScopeAnomalies.RecentLimit) }, ct);
        engine.Resume(
            new()
            {
                Hosts = await stores.Hosts.AllAsync(ct),
                Usage = await stores.Usage.SinceAsync(new(today.Year, today.Month, 1), ct),
                SketchDay = today,
                Sketches = await stores.Sketches.OfAsync(today, ct),
                Verdicts = [.. open.UnionBy(recent.Items, v => v.Id).OrderByDescending(v => v.Id)],
                Events = (await stores.Events.PageAsync(null, null, null, new(0, SignalMoment.ShownEvents), ct)).Items,
                LastEventId = await stores.Events.LastIdAsync(ct),
                LastVerdictId = await stores.Verdicts.LastIdAsync(ct),
                Snapshot = snapshots.TryRead(now),
            },
            now);
        (_usageAt, _sketchesAt, _isResumed) = (now, now, true);
        _snapshotDue = now + s_snapshotEvery;
    }

    /// <summary>All that are open, however many: one that was left out would stand open for ever.</summary>
    async Task<List<AnomalyVerdict>> OpenAsync(CancellationToken ct)
    {
        var open = new List<AnomalyVerdict>();
        while (true)
        {
            var page = await stores.Verdicts.PageAsync(new() { OpenOnly = true, Page = new(open.Count, PageRequest.MaxLimit) }, ct);
            open.AddRange(page.Items);
            if (page.Items.Count == 0 || open.Count >= page.Total) return open;
        }
    }

    public async Task TickAsync(DateTimeOffset now, CancellationToken ct = default)
    {
        var ingest = meter.Read(now);
        board.Ingest.Publish(ingest);
        try
        {
            // What the store replays was counted before: nothing is counted until it has.
            if (!_isResumed && store.IsOpen) await ResumeAsync(ct);
            if (!_isResumed) return;
            engine.Read(e => Note(e, ingest, now));
            engine.Tick(now);
            if (engine.Read(TakeHistoryDue)) _own.Write(Overviews(), now);
            await WriteAsync(now, ct);
            if (_snapshot.IsCompleted && now >= _snapshotDue) _snapshot = Task.Run(WriteSnapshot, CancellationToken.None);
        }
        catch (DbException fault)
        {
            if (now - _warnedAt < s_warnEvery) return;
            _warnedAt = now;
            logger.LogWarning(fault, "Events, verdicts and usage could not be written to console.db; they wait in memory and are tried again every second. See whether its disk (Console:DataDirectory) is full or read-only.");
        }
    }

    /// <summary>Everything that is kept over a restart, now.</summary>
    public async Task SaveAsync(DateTimeOffset now)
    {
        await _snapshot;
        WriteSnapshot();
        (_usageAt, _sketchesAt) = (default, default);
        await WriteAsync(now, CancellationToken.None);
    }

    void WriteSnapshot()
    {
        var begun = time.GetTimestamp();
        try
        {
            snapshots.Write(engine);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("What detectors and rates have learnt could not be written ({Fault}); it is tried again. Until then a restart learns it anew.", fault.Message);
        }
        catch (Exception fault)
        {
            // Ours to mend, so told whole; everything else is written all the same.
            logger.LogError(fault, "What detectors and rates have learnt could not be written; a restart learns it anew.");
        }
        var (next, rest) = (s_snapshotEvery, SnapshotShare * time.GetElapsedTime(begun));
        _snapshotDue = time.GetUtcNow() + (next > rest ? next : rest);
    }

    async Task WriteAsync(DateTimeOffset now, CancellationToken ct)
    {
        await WriteHappenedAsync(now, ct);
        if (now - _usageAt >= s_usageEvery)
        {
            await stores.Usage.SetAsync(engine.Read(e => e.Ledger.Days.Where(d => DayIsRecent(d, now)).ToList()), ct);
            _usageAt = now;
        }
        if (now - _sketchesAt >= s_sketchesEvery)
        {
            var (day, sketches) = engine.Read(e => (e.Daily.Day, e.Daily.Save().Select(s => new KeptSketch(s.Tenant, s.Metric, s.Bytes)).ToList()));
            await stores.Sketches.SetAsync(day, sketches, ct);
            _sketchesAt = now;
        }
    }

    async Task WriteHappenedAsync(DateTimeOffset now, CancellationToken ct)
    {
        var (events, verdicts, hosts) = engine.Read(e => e.Pending.Take());
        var (eventsLeft, verdictsLeft, hostsLeft) = (events, verdicts, hosts);
        try
        {
            if (events.Count > 0) await stores.Events.AddAsync(events, ct);
            eventsLeft = [];
            if (verdicts.Count > 0) await stores.Verdicts.AddAsync(verdicts, ct);
            verdictsLeft = [];
            if (hosts.Count > 0) await stores.Hosts.AddAsync(hosts, now, ct);
            hostsLeft = [];
        }
        finally
        {
            engine.Read(e => PutBack(e, eventsLeft, verdictsLeft, hostsLeft));
        }
    }

    bool Note(SignalEngine engine, Core.Telemetry.IngestSummary ingest, DateTimeOffset now)
    {
        meter.NoteEvents(ingest, engine.Events, now);
        return true;
    }

    static bool PutBack(SignalEngine engine, List<FleetEvent> events, List<AnomalyVerdict> verdicts, List<(string, string)> hosts)
    {
        engine.Pending.PutBack((events, verdicts, hosts));
        return true;
    }

    /// <summary>Yesterday's total may still have grown after its last write.</summary>
    static bool DayIsRecent(DayUsage usage, DateTimeOffset now) => usage.Day >= DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);

    static bool TakeHistoryDue(SignalEngine engine)
    {
        var isDue = engine.Pending.HistoryDue;
        engine.Pending.HistoryDue = false;
        return isDue;
    }

    IEnumerable<OverviewSummary> Overviews() =>
        board.Tenants.Select(t => new SignalScope(t)).Prepend(SignalScope.Fleet).Select(s => board.Overview(s).Current).OfType<OverviewSummary>();
}
