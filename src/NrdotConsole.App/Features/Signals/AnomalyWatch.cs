using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Coverage;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Gives each scrape of each watched process to its detectors, once. Processes of importance 0.3 and above are watched;
/// noise (kernel threads, ps, sleep) is not. Roles, for the forest, are the process classes.
/// </summary>
internal sealed class AnomalyWatch(SignalSettings settings)
{
    ForestTrainer _trainer = new();
    readonly Dictionary<WatchedProcess, AnomalyVerdict> _carried = [];
    long _lastId;
    long _startedUnixMs;

    public int Watched { get; private set; }

    /// <summary>Processes that have no detectors because too many are watched.</summary>
    public long Refused { get; private set; }

    /// <summary>
    /// Takes over what was open when the console stopped. Where a process's detectors were kept they go on with it
    /// (<see cref="Adopt"/>). Else they learn anew; a carried verdict ends when they open another of the same process, when
    /// they have learnt and see nothing, or when the process does not come back.
    /// </summary>
    public void Resume(long lastId, IEnumerable<AnomalyVerdict> open, ForestTrainer? forests, DateTimeOffset now)
    {
        (_lastId, _startedUnixMs) = (lastId, now.ToUnixTimeMilliseconds());
        if (forests is not null) _trainer = forests;
        foreach (var verdict in open) _carried[Of(verdict)] = verdict;
    }

    public ForestTrainer Forests => _trainer;

    /// <summary>Goes on with the detectors that were kept of a host.</summary>
    public void Adopt(HostSignals host)
    {
        foreach (var process in host.Processes.Values)
        {
            if (process.Tracker is not { } tracker) continue;
            if (process.Class.Tier == Tier.Noise || Watched >= settings.MaxWatched)
            {
                process.Tracker = null;
                continue;
            }
            Watched++;
            tracker.Resume(_carried.Remove(tracker.Process, out var open) ? open : null);
        }
        Count(host);
    }

    public void TrainDue(DateTimeOffset now) => _trainer.TrainDue(now);

    /// <summary>Feeds what is new since the last feed; verdicts that changed go to <paramref name="changed"/>.</summary>
    public void Feed(HostSignals host, double cores, DateTimeOffset now, List<AnomalyVerdict> changed)
    {
        // Detectors live by the host's own clock.
        var hostNow = DateTimeOffset.FromUnixTimeMilliseconds(host.Host.LastPointUnixMs + now.ToUnixTimeMilliseconds() - host.Host.LastReceivedUnixMs);
        foreach (var process in host.Processes.Values)
        {
            if (process.Tracker is null && !Watch(host, process)) continue;
            var tracker = process.Tracker!;
            if (process.Scrape.UnixMs <= process.FedUnixMs)
            {
                Expire(process, tracker, hostNow, now.ToUnixTimeMilliseconds() - _startedUnixMs, changed);
                continue;
            }
            process.FedUnixMs = process.Scrape.UnixMs;
            var features = process.Scrape.Features(cores);
            var role = process.Class.Name;
            var transition = tracker.Observe(DateTimeOffset.FromUnixTimeMilliseconds(process.Scrape.UnixMs), features, _trainer.Model(role), () => ++_lastId);
            if (tracker.Open is null) _trainer.Add(role, features);
            if (transition.Verdict is { } verdict) changed.Add(verdict);
            EndCarried(tracker, now, changed);
        }
        Count(host);
    }

    static void Count(HostSignals host)
    {
        (host.Watched, host.Learning) = (0, 0);
        foreach (var process in host.Processes.Values)
        {
            if (process.Tracker is not { } tracker) continue;
            host.Watched++;
            if (tracker.IsLearning) host.Learning++;
        }
    }

    /// <summary>Ends what was carried over and did not come back within the time after which detectors learn anew.</summary>
    public void EndLost(DateTimeOffset now, List<AnomalyVerdict> changed)
    {
        if (_carried.Count == 0 || now.ToUnixTimeMilliseconds() - _startedUnixMs < 2 * AnomalyTracker.ResetAfter.TotalMilliseconds) return;
        foreach (var verdict in _carried.Values) changed.Add(verdict with { EndedAt = now });
        _carried.Clear();
    }

    /// <summary>Called when a process or its host is let go.</summary>
    public void Release(ProcessSignals process, DateTimeOffset now, List<AnomalyVerdict> changed)
    {
        if (process.Tracker is not { } tracker) return;
        if (tracker.Open is { } open) changed.Add(open with { EndedAt = now });
        Unwatch(process);
    }

    bool Watch(HostSignals host, ProcessSignals process)
    {
        if (process.Class.Tier == Tier.Noise || process.Scrape.UnixMs == 0) return false;
        if (Watched >= settings.MaxWatched)
        {
            Refused++;
            return false;
        }
        process.Tracker = new(new(host.Host.Tenant, host.Host.Key, host.Host.Name, process.Executable, process.Owner));
        Watched++;
        return true;
    }

    void Expire(ProcessSignals process, AnomalyTracker tracker, DateTimeOffset now, long listenedMs, List<AnomalyVerdict> changed)
    {
        // Nobody was there to hear it before the start.
        if (listenedMs <= AnomalyTracker.ResetAfter.TotalMilliseconds) return;
        if (tracker.Expire(now).Verdict is { } verdict) changed.Add(verdict);
        // Detectors that would learn anew anyway hold no memory for a process that has ended.
        if (process.Presence == ProcessPresence.Gone && tracker.Open is null && tracker.IsLearning) Unwatch(process);
    }

    void Unwatch(ProcessSignals process)
    {
        process.Tracker = null;
        Watched--;
    }

    void EndCarried(AnomalyTracker tracker, DateTimeOffset now, List<AnomalyVerdict> changed)
    {
        if (_carried.Count == 0 || (tracker.IsLearning && tracker.Open is null) || !_carried.Remove(tracker.Process, out var carried)) return;
        changed.Add(carried with { EndedAt = tracker.Open?.StartedAt ?? now });
    }

    static WatchedProcess Of(AnomalyVerdict verdict) => new(verdict.Tenant, verdict.HostKey, verdict.HostName, verdict.Executable, verdict.Owner);
}
