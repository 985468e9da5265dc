using System.Runtime.CompilerServices;
using NrdotConsole.Core.Snapshots;

namespace NrdotConsole.Core.Anomalies;

/// <summary>What is watched: an executable of an owner on a host of a tenant. Never a pid, which every restart makes new.</summary>
public sealed record WatchedProcess(string Tenant, string HostKey, string HostName, string Executable, string Owner);

/// <summary>What an observation changed, with the verdict as it now stands (null for <see cref="AnomalyChange.None"/>).</summary>
public readonly record struct AnomalyTransition(AnomalyChange Change, AnomalyVerdict? Verdict)
{
    public static readonly AnomalyTransition None = new(AnomalyChange.None, null);
}

/// <summary>
/// Detectors and open verdict of one watched process: about 250 bytes, and 350 more for each feature that is known.
/// An observation that changes nothing allocates nothing (once the rings stand). Not thread-safe: one loop observes.
/// </summary>
public sealed class AnomalyTracker(WatchedProcess process)
{
    /// <summary>After this absence everything is learnt anew: what runs now may be another program.</summary>
    public static readonly TimeSpan ResetAfter = TimeSpan.FromMinutes(5);

    Ewmas _ewmas;
    RobustZs _robustZs;
    Hysteresis _hysteresis;
    long _lastUnixMs;
    long _turnedUnixMs;

    public WatchedProcess Process => process;

    /// <summary>The open verdict, or null.</summary>
    public AnomalyVerdict? Open { get; private set; }

    /// <summary>Still cold in every feature: no detector votes yet.</summary>
    public bool IsLearning
    {
        get
        {
            foreach (ref var ewma in _ewmas)
                if (!ewma.IsCold) return false;
            return true;
        }
    }

    /// <summary>Judges one observation. <paramref name="nextId"/> is asked only where a verdict opens. A time not after the last one is ignored.</summary>
    public AnomalyTransition Observe(DateTimeOffset at, in ProcessFeatures features, RoleModel? model, Func<long> nextId)
    {
        var unixMs = at.ToUnixTimeMilliseconds();
        if (unixMs <= _lastUnixMs) return AnomalyTransition.None;
        var expired = Expire(at);
        _lastUnixMs = unixMs;

        FeatureReadings readings = default;
        for (var f = 0; f < ProcessFeatures.Count; f++)
        {
            var (value, rule) = (features[f], FeatureRule.All[f]);
            readings[f] = new(value, _ewmas[f].Observe(value, rule), _robustZs[f].Observe(value, rule));
        }
        var forest = model is null ? ForestReading.None : model.Read(features);
        var judgement = AnomalyJudge.Judge(readings, forest);

        if (judgement.IsSuspicious != _hysteresis.IsOpen && !_hysteresis.IsTurning) _turnedUnixMs = unixMs;
        var change = _hysteresis.Step(judgement.IsSuspicious, judgement.Level == AnomalyLevel.Severe);
        if (change == AnomalyChange.Opened) return Opened(features, readings, forest, judgement, nextId());
        if (change == AnomalyChange.Closed) return Closed(_turnedUnixMs);
        if (Open is not null && judgement.IsSuspicious && judgement.Level > Open.Level) return Raised(features, readings, forest, judgement);
        return expired;
    }

    /// <summary>Forgets everything after an absence of <see cref="ResetAfter"/>; an open verdict ends when the process was last seen.</summary>
    public AnomalyTransition Expire(DateTimeOffset at)
    {
        if (_lastUnixMs == 0 || at.ToUnixTimeMilliseconds() - _lastUnixMs <= ResetAfter.TotalMilliseconds) return AnomalyTransition.None;
        var closed = Open is null ? AnomalyTransition.None : Closed(_lastUnixMs);
        (_ewmas, _robustZs, _hysteresis, _lastUnixMs) = (default, default, default, 0);
        return closed;
    }

    /// <summary>All that was learnt, but for the open verdict: that is kept where verdicts are.</summary>
    public void Save(BinaryWriter to)
    {
        to.Write(_lastUnixMs);
        to.Write(_turnedUnixMs);
        Plain.Write(to, _ewmas);
        Plain.Write(to, _hysteresis);
        foreach (ref var robustZ in _robustZs) robustZ.Save(to);
    }

    public static AnomalyTracker Load(WatchedProcess process, BinaryReader from)
    {
        var tracker = new AnomalyTracker(process)
        {
            _lastUnixMs = from.ReadInt64(), _turnedUnixMs = from.ReadInt64(), _ewmas = Plain.Read<Ewmas>(from), _hysteresis = Plain.Read<Hysteresis>(from),
        };
        foreach (ref var robustZ in tracker._robustZs) robustZ = RobustZDetector.Load(from);
        return tracker;
    }

    /// <summary>
    /// Goes on with the verdict that is known to be open, or with none. The verdicts as they were kept are the truth: what was
    /// learnt may be some minutes older than the last of them.
    /// </summary>
    public void Resume(AnomalyVerdict? open)
    {
        Open = open;
        if (_hysteresis.IsOpen != (open is not null)) _hysteresis = Hysteresis.Turned(open is not null);
    }

    AnomalyTransition Opened(in ProcessFeatures features, ReadOnlySpan<FeatureReading> readings, ForestReading forest, Judgement judgement, long id)
    {
        Open = new(
            id, process.Tenant, process.HostKey, process.HostName, process.Executable, process.Owner,
            judgement.Level, judgement.Score, DateTimeOffset.FromUnixTimeMilliseconds(_turnedUnixMs), null,
            AnomalyJudge.Explain(readings, forest, judgement), AnomalyJudge.Votes(readings, forest), features.ToDictionary());
        return new(AnomalyChange.Opened, Open);
    }

    /// <summary>A verdict only ever rises while it is open; what it said before was passed on as it was.</summary>
    AnomalyTransition Raised(in ProcessFeatures features, ReadOnlySpan<FeatureReading> readings, ForestReading forest, Judgement judgement)
    {
        Open = Open! with
        {
            Level = judgement.Level,
            Score = Math.Max(Open.Score, judgement.Score),
            Explanation = AnomalyJudge.Explain(readings, forest, judgement),
            Votes = AnomalyJudge.Votes(readings, forest),
            Features = features.ToDictionary(),
        };
        return new(AnomalyChange.Updated, Open);
    }

    AnomalyTransition Closed(long endedUnixMs)
    {
        var verdict = Open! with { EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(endedUnixMs) };
        Open = null;
        return new(AnomalyChange.Closed, verdict);
    }

    [InlineArray(ProcessFeatures.Count)]
    struct Ewmas
    {
        EwmaDetector _first;
    }

    [InlineArray(ProcessFeatures.Count)]
    struct RobustZs
    {
        RobustZDetector _first;
    }
}
