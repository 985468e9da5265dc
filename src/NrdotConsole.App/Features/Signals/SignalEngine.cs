using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Once a second: visits the hosts that sent something and those whose age alone could change a verdict, takes their old
/// share off the sums and adds the new one, and publishes what moved. Work grows with what changed. One lock: a tick and
/// somebody's question about a host take turns.
/// </summary>
internal sealed class SignalEngine
{
    /// <summary>A scrape may arrive in several requests: detectors are fed when this has passed since its first.</summary>
    const long SettleMs = 2_000;
    const long TrainEveryMs = 10_000;

    /// <summary>A series that is away longer leaves the store's memory, and is a new one when it comes back.</summary>
    const long KnownSeriesForMs = 1_200_000;

    readonly Lock _gate = new();
    readonly SeriesStore _store;
    readonly SignalSettings _settings;
    readonly SignalBoard _board;
    readonly HostVisitor _visitor;
    readonly HostJudge _judge;
    readonly AnomalyWatch _watch;
    readonly AttributeCensus _census;
    readonly SummaryPublisher _publisher;
    readonly MetricRoles _roles = new();
    readonly Dictionary<(string Tenant, string Key), HostSignals> _hosts = [];
    readonly Dictionary<string, ScopeSignals> _tenants = new(StringComparer.Ordinal);
    readonly PriorityQueue<(HostSignals Host, long DueUnixMs), long> _due = new();
    readonly Queue<HostSignals> _settling = [];
    readonly List<TelemetryHost> _changed = [];
    readonly List<AnomalyVerdict> _verdicts = [];
    HashSet<(string, string)> _known = [];
    long _startedUnixMs;
    long _trainedUnixMs;
    long _sampledMinute;

    public SignalEngine(SeriesStore store, SignalSettings settings, SignalBoard board)
    {
        (_store, _settings, _board) = (store, settings, board);
        Daily = new();
        Ledger = new(settings.Prices);
        _visitor = new(_roles, new(Daily), settings);
        _judge = new(settings);
        _watch = new(settings);
        _census = new(store);
        Fleet.Panels = board.Stand(SignalScope.Fleet);
        _publisher = new(this, settings, _roles, store);
        board.Fill = panels =>
        {
            lock (_gate) _publisher.Fill(panels, Now);
        };
    }

    public ScopeSignals Fleet { get; } = new(SignalScope.Fleet);
    public IReadOnlyDictionary<string, ScopeSignals> Tenants => _tenants;
    public DailyIdentities Daily { get; }
    public CostLedger Ledger { get; }
    public EventLog Events { get; } = new();

    /// <summary>What is to be written down, drained by the loop.</summary>
    public PendingWrites Pending { get; } = new();

    public DateTimeOffset Now { get; private set; }
    public int WatchedProcesses => _watch.Watched;
    public long ProcessesRefused => _visitor.ProcessesRefused;
    public long WatchesRefused => _watch.Refused;
    public HostSignals? Host(SignalScope scope) => scope is { Tenant: { } tenant, Host: { } key } ? _hosts.GetValueOrDefault((tenant, key)) : null;

    /// <summary>Takes over what was kept, and the hosts that the store already has: their bytes so far were counted before.</summary>
    public void Resume(KeptSignals kept, DateTimeOffset now)
    {
        lock (_gate)
        {
            Now = now;
            _startedUnixMs = now.ToUnixTimeMilliseconds();
            _known = [.. kept.Hosts];
            foreach (var day in kept.Usage) Ledger.Add(day);
            foreach (var sketch in kept.Sketches) Daily.TryRestore(kept.SketchDay, sketch.Tenant, sketch.Metric, sketch.Bytes, out _);
            Events.Resume(kept.LastEventId);
            _watch.Resume(kept.LastVerdictId, kept.Verdicts.Where(v => v.EndedAt is null), kept.Snapshot?.Forests, now);
            foreach (var host in _store.Hosts)
                if (host.Tenant != ReservedTenant.Name) Resume(host, kept.Snapshot, now);
            foreach (var scope in _tenants.Values.Append(Fleet))
                if (kept.Snapshot?.Scopes.TryGetValue(scope.Scope.Tenant ?? "", out var was) == true) (scope.Growth, scope.LowCritical) = was;
            foreach (var verdict in kept.Verdicts.Reverse()) Apply(verdict, keep: false);
            foreach (var happened in kept.Events.Reverse()) Remember(happened);
        }
    }

    void Resume(TelemetryHost host, SignalSnapshot? snapshot, DateTimeOffset now)
    {
        HostSignals? kept = null;
        snapshot?.Hosts.Remove((host.Tenant, host.Key), out kept);
        var signals = Meet(host, kept);
        kept?.Resume(snapshot!.At, now);
        (signals.SeenBytes, signals.SeenPoints) = (host.Bytes, host.Points);
        Visit(signals, now);
        signals.IsResuming = false;
        _watch.Adopt(signals);
        CountWatched(signals, signals.Watched, signals.Learning);
    }

    /// <summary>Writes what is one for all hosts, and answers the hosts that are to follow. Called under the lock.</summary>
    public HostSignals[] BeginSnapshot(BinaryWriter to)
    {
        HostSignals[] hosts = [.. _hosts.Values];
        SignalSnapshot.WriteHead(to, this, _watch.Forests, hosts.Length);
        return hosts;
    }

    /// <summary>Called under the lock.</summary>
    public int Snapshot(HostSignals[] hosts, BinaryWriter to)
    {
        foreach (var host in hosts) SignalSnapshot.WriteHost(to, host, IdentityLedger.All(_store, host, _roles));
        return hosts.Length;
    }

    public IReadOnlyList<SignalPanels> OnDemandPanels() => _board.OnDemand();

    public void Tick(DateTimeOffset now)
    {
        lock (_gate)
        {
            Now = now;
            Ledger.Forget(DateOnly.FromDateTime(now.UtcDateTime));
            Daily.Turn(now);
            VisitChanged(now);
            FeedSettled(now);
            VisitDue(now);
            _watch.EndLost(now, _verdicts);
            Train(now);
            if (_census.Step(now, _hosts.Values)) TakeCensus();
            SampleMinute(now);
            foreach (var verdict in _verdicts) Apply(verdict, keep: true);
            _verdicts.Clear();
            _publisher.NoteEvents(now);
            foreach (var happened in Events.Drain())
            {
                Remember(happened);
                Pending.Add(happened);
            }
            _publisher.Publish(now);
        }
    }

    /// <summary>Reads under the lock that a tick holds.</summary>
    public T Read<T>(Func<SignalEngine, T> read)
    {
        lock (_gate) return read(this);
    }

    void VisitChanged(DateTimeOffset now)
    {
        _changed.Clear();
        _store.DrainChangedHosts(_changed);
        foreach (var changed in _changed)
        {
            if (changed.Tenant == ReservedTenant.Name) continue;
            var host = Meet(changed);
            Visit(host, now);
            if (host.SettleUnixMs != 0) continue;
            host.SettleUnixMs = now.ToUnixTimeMilliseconds() + SettleMs;
            _settling.Enqueue(host);
        }
    }

    void FeedSettled(DateTimeOffset now)
    {
        while (_settling.TryPeek(out var host) && host.SettleUnixMs <= now.ToUnixTimeMilliseconds())
        {
            _settling.Dequeue();
            host.SettleUnixMs = 0;
            Visit(host, now);
            Feed(host, now);
        }
    }

    void VisitDue(DateTimeOffset now)
    {
        while (_due.TryPeek(out var next, out var due) && due <= now.ToUnixTimeMilliseconds())
        {
            _due.Dequeue();
            // A later visit has set a later time.
            if (next.Host.DueUnixMs != next.DueUnixMs) continue;
            if (now.ToUnixTimeMilliseconds() - next.Host.Host.LastReceivedUnixMs > _settings.ForgetHostAfter.TotalMilliseconds)
            {
                Forget(next.Host, now);
                continue;
            }
            Visit(next.Host, now);
            Feed(next.Host, now);
        }
    }

    void Feed(HostSignals host, DateTimeOffset now)
    {
        var (watched, learning) = (host.Watched, host.Learning);
        _watch.Feed(host, _visitor.Cores, now, _verdicts);
        CountWatched(host, host.Watched - watched, host.Learning - learning);
    }

    void Train(DateTimeOffset now)
    {
        if (now.ToUnixTimeMilliseconds() - _trainedUnixMs < TrainEveryMs) return;
        _trainedUnixMs = now.ToUnixTimeMilliseconds();
        _watch.TrainDue(now);
    }

    void CountWatched(HostSignals host, int watched, int learning)
    {
        foreach (var scope in (ReadOnlySpan<ScopeSignals?>)[Fleet, host.Tenant])
        {
            if (scope is null) continue;
            scope.Anomalies.Watched += watched;
            scope.Anomalies.Learning += learning;
        }
    }

    HostSignals Meet(TelemetryHost host, HostSignals? kept = null)
    {
        if (_hosts.TryGetValue((host.Tenant, host.Key), out var known))
        {
            if (known.Host != host) (known.Host, known.SeenBytes, known.SeenPoints) = (host, 0, 0);
            return known;
        }
        var tenant = Tenant(host.Tenant);
        known = kept ?? new(host, tenant);
        known.Tenant = tenant;
        _hosts[(host.Tenant, host.Key)] = known;
        Fleet.Hosts.Add(known);
        tenant?.Hosts.Add(known);
        if (_known.Add((host.Tenant, host.Key)))
        {
            Pending.Add((host.Tenant, host.Key));
            Events.Add(Now, EventSeverity.Info, "host.new", host.Tenant, host.Key, $"{host.Name} sent its first data");
        }
        return known;
    }

    ScopeSignals? Tenant(string name)
    {
        if (_tenants.TryGetValue(name, out var tenant)) return tenant;
        if (_tenants.Count >= _settings.MaxTenants) return null;
        var scope = new SignalScope(name);
        _tenants[name] = tenant = new(scope) { Panels = _board.Stand(scope) };
        if (!_known.Any(k => k.Item1 == name)) Events.Add(Now, EventSeverity.Info, "tenant.new", name, "", $"Tenant {name} sent its first data");
        return tenant;
    }

    void Visit(HostSignals host, DateTimeOffset now)
    {
        _visitor.Visit(_store, host, now);
        CountUsage(host, now);
        var before = host.Share;
        _judge.Judge(host, _visitor, now);
        Fleet.Replace(before, host.Share);
        if (_visitor.NewSeries > 0 && now.ToUnixTimeMilliseconds() - _startedUnixMs > SettleMs)
        {
            Fleet.NewSeries.Add(now.ToUnixTimeMilliseconds(), _visitor.NewSeries);
            host.Tenant?.NewSeries.Add(now.ToUnixTimeMilliseconds(), _visitor.NewSeries);
        }
        if (host.KnownSeries is not null && now.ToUnixTimeMilliseconds() - _startedUnixMs > KnownSeriesForMs) host.KnownSeries = null;
        NoteHealth(host, now);
        _due.Enqueue((host, host.DueUnixMs), host.DueUnixMs);
    }

    void CountUsage(HostSignals host, DateTimeOffset now)
    {
        var bytes = host.Host.Bytes - host.SeenBytes;
        var points = host.Host.Points - host.SeenPoints;
        if (bytes <= 0 && points <= 0) return;
        (host.SeenBytes, host.SeenPoints) = (host.Host.Bytes, host.Host.Points);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        Ledger.Add(new(host.Host.Tenant, today, bytes, points));
        if (host.UsageDay != today)
        {
            if (host.UsageDay.Month != today.Month || host.UsageDay.Year != today.Year) (host.MonthBytes, host.MonthPoints) = (0, 0);
            (host.UsageDay, host.DayBytes, host.DayPoints) = (today, 0, 0);
        }
        host.DayBytes += bytes;
        host.DayPoints += points;
        host.MonthBytes += bytes;
        host.MonthPoints += points;
    }

    void NoteHealth(HostSignals host, DateTimeOffset now)
    {
        var isStale = host.Share.Health == HostHealth.Stale;
        // Nobody was there to hear it before the start.
        if (isStale && now.ToUnixTimeMilliseconds() - _startedUnixMs < CoverageRule.FreshWindowMs(host.MetricIntervalMs)) return;
        if (!host.StaleState.Observe(isStale, now.ToUnixTimeMilliseconds())) return;
        if (isStale) Events.Add(now, EventSeverity.Warning, "host.stale", host.Host.Tenant, host.Host.Key, $"{host.Host.Name}: {host.Row!.HealthReason}");
        else Events.Add(now, EventSeverity.Info, "host.returned", host.Host.Tenant, host.Host.Key, $"{host.Host.Name} sends data again");
    }

    void Forget(HostSignals host, DateTimeOffset now)
    {
        foreach (var process in host.Processes.Values) _watch.Release(process, now, _verdicts);
        CountWatched(host, -host.Watched, -host.Learning);
        _hosts.Remove((host.Host.Tenant, host.Host.Key));
        foreach (var scope in (ReadOnlySpan<ScopeSignals?>)[Fleet, host.Tenant])
        {
            scope?.Hosts.Remove(host);
            scope?.Replace(host.Share, HostShare.None);
        }
    }

    void Apply(AnomalyVerdict verdict, bool keep)
    {
        var opened = Fleet.Anomalies.Apply(verdict);
        Fleet.Version++;
        if (opened != 0 && _hosts.TryGetValue((verdict.Tenant, verdict.HostKey), out var host))
        {
            host.OpenAnomalies += opened;
            host.Row = host.Row! with { OpenAnomalies = host.OpenAnomalies };
        }
        if (_tenants.TryGetValue(verdict.Tenant, out var tenant))
        {
            tenant.Anomalies.Apply(verdict);
            tenant.Version++;
        }
        if (!keep) return;
        Pending.Add(verdict);
        var what = $"{verdict.Executable} on {verdict.HostName}: {verdict.Explanation}";
        if (verdict.EndedAt is not null) Events.Add(Now, EventSeverity.Info, "anomaly.closed", verdict.Tenant, verdict.HostKey, what);
        else Events.Add(Now, verdict.Level >= AnomalyLevel.High ? EventSeverity.Critical : EventSeverity.Warning, "anomaly.opened", verdict.Tenant, verdict.HostKey, what);
    }

    void Remember(FleetEvent happened)
    {
        Keep(Fleet, happened);
        if (_tenants.TryGetValue(happened.Tenant, out var tenant)) Keep(tenant, happened);

        static void Keep(ScopeSignals scope, FleetEvent happened)
        {
            scope.Events.Enqueue(happened);
            if (scope.Events.Count > SignalMoment.ShownEvents) scope.Events.Dequeue();
            scope.Version++;
        }
    }

    void TakeCensus()
    {
        Fleet.Attributes = _census.Result(null);
        foreach (var tenant in _tenants.Values) tenant.Attributes = _census.Result(tenant.Scope.Tenant);
    }

    void SampleMinute(DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        Fleet.Growth.Sample(now, Fleet.Active);
        foreach (var tenant in _tenants.Values) tenant.Growth.Sample(now, tenant.Active);
        if (minute == _sampledMinute) return;
        _sampledMinute = minute;
        Pending.HistoryDue = true;
    }
}
