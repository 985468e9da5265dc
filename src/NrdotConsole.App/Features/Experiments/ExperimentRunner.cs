using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>Begins, samples, judges and ends experiments. Every step can be done twice.</summary>
internal sealed class ExperimentRunner(ExperimentStore store, DesiredStates states, RingAssignments rings, SignalBoard board, FeedbackStore feedback, TimeProvider time)
{
    public static readonly TimeSpan SampleEvery = TimeSpan.FromMinutes(5);

    public async Task StepAsync(CancellationToken ct = default)
    {
        var (now, state) = (time.GetUtcNow(), states.Current);
        var defined = state.Experiments.Experiments.Where(e => e.IsEnabled).ToDictionary(e => e.Key);
        foreach (var run in await store.OpenRunsAsync(ct))
        {
            if (!defined.TryGetValue(run.Experiment.Key, out var definition)) await store.EndAsync(run.Id, now, "experiments.yaml no longer has it", ct);
            else if (ExperimentStore.Definition(definition) != ExperimentStore.Definition(run.Experiment)) await store.EndAsync(run.Id, now, "its definition was changed: it began anew", ct);
            else await RunAsync(run, state, now, ct);
        }
        foreach (var experiment in defined.Values)
        {
            // One that has run its time is over until its definition changes.
            if (await store.NewestAsync(experiment.Key, ct) is { } newest && (newest.EndedAt is null || (ExperimentStore.Definition(newest.Experiment) == ExperimentStore.Definition(experiment) && newest.EndedAt >= newest.EndsAt))) continue;
            await store.BeginAsync(experiment, now, ct);
        }
    }

    async Task RunAsync(ExperimentRun run, DesiredState state, DateTimeOffset now, CancellationToken ct)
    {
        var isDue = run.SampledAt is null || now - run.SampledAt >= SampleEvery;
        if (now < run.BeginsAt)
        {
            if (isDue) await store.SampleBeforeAsync(run.Id, now, Samples(run.Experiment, Rows().Where(r => IsCandidate(run.Experiment, state, r))), ct);
            return;
        }
        if (isDue)
        {
            var standing = Rows().Select(row => (Row: row, Arm: ArmOf(run.Experiment, state, row))).Where(s => s.Arm is not null).ToList();
            await store.SampleAsync(run.Id, now, [.. standing.Select(s => s.Arm!)], Samples(run.Experiment, standing.Where(s => s.Arm!.IsTreated is not null).Select(s => s.Row)), ct);
        }
        var due = run.LooksDue(now);
        var last = (await store.LooksAsync(run.Id, ct)) is [.., var newest] ? newest.Look : 0;
        if (due > last) await LookAsync(run, state, due, now, ct);
        if (now >= run.EndsAt) await store.EndAsync(run.Id, now, "its time is over", ct);
    }

    /// <summary>Judges what is known by now. A label that somebody gives later counts at the next look.</summary>
    async Task LookAsync(ExperimentRun run, DesiredState state, int look, DateTimeOffset now, CancellationToken ct)
    {
        var hosts = await store.HostsAsync(run.Id, ct);
        var (control, treatment) = (hosts.Count(h => !h.IsTreated), hosts.Count(h => h.IsTreated));
        var labels = new LabelCounts(hosts, await feedback.SaidAsync(run.BeginsAt, run.EndsAt < now ? run.EndsAt : now, ct));
        await store.AddLookAsync(run.Id, ExperimentJudge.Judge(run.Experiment, look, now, (control, treatment), Shares(run.Experiment, state, control, treatment), await store.SamplesAsync(run.Id, ct), labels.Samples(run.Experiment)), ct);
    }

    /// <summary>Hosts that are heard.</summary>
    IEnumerable<HostRow> Rows() => (board.Fleet(SignalScope.Fleet).Current?.Rows ?? []).Where(r => r.Health is HostHealth.Healthy or HostHealth.Degraded);

    static IEnumerable<HostSample> Samples(Experiment experiment, IEnumerable<HostRow> rows)
    {
        var signals = experiment.Metrics.Select(m => m.Signal).Distinct().ToList();
        foreach (var row in rows)
            foreach (var signal in signals)
                if (Value(signal, row) is { } value) yield return new(signal, row.Tenant, row.HostKey, value);
    }

    /// <summary>A pinned host was placed by hand and an excluded one is nobody's: neither was drawn, so neither takes part.</summary>
    static bool IsDrawn(DesiredState state, HostRow row) =>
        !state.Rings.Pins.ContainsKey(row.HostKey) && !state.Rings.Pins.ContainsKey(row.Name) && !state.Rings.Exclusions.Contains(row.HostKey) && !state.Rings.Exclusions.Contains(row.Name);

    /// <summary>Whether it may come to an arm: which one is not known before the run.</summary>
    bool IsCandidate(Experiment experiment, DesiredState state, HostRow row)
    {
        if (!IsDrawn(state, row) || rings.RingOf(row.Tenant, row.HostKey) is not { } ring) return false;
        bool Takes(ExperimentArm arm) => arm.Rings.Contains(ring) || (experiment.Flag is not null && arm.Rings.Count == 0);
        return Takes(experiment.Control) || Takes(experiment.Treatment);
    }

    /// <summary>Where a host stands now; null while its ring is not known.</summary>
    HostArm? ArmOf(Experiment experiment, DesiredState state, HostRow row)
    {
        HostArm In(bool? isTreated) => new(row.Tenant, row.HostKey, isTreated);
        if (!IsDrawn(state, row)) return In(null);
        if (rings.RingOf(row.Tenant, row.HostKey) is not { } ring) return null;
        if (experiment.Flag is { } flag)
        {
            var isOn = FlagEvaluator.On(state.Flags, new(row.Tenant, row.HostKey, row.Name, row.Os), ring).Any(f => f.Key == flag);
            var arm = isOn ? experiment.Treatment : experiment.Control;
            return In(arm.Rings.Count == 0 || arm.Rings.Contains(ring) ? isOn : null);
        }
        return In(experiment.Treatment.Rings.Contains(ring) ? true : experiment.Control.Rings.Contains(ring) ? false : null);
    }

    /// <summary>As they were drawn. A flag that is not by percentage draws nobody: then the arms are what they are.</summary>
    static (double Control, double Treatment) Shares(Experiment experiment, DesiredState state, int control, int treatment)
    {
        if (experiment.Flag is { } key)
            return state.Flags.Find(key) is { Strategy: FlagStrategy.Percentage, Percentage: var on and > 0 and < 100 } && experiment.Control.Rings.SequenceEqual(experiment.Treatment.Rings)
                ? ((double)(100 - on), (double)on) : (Math.Max(1, control), Math.Max(1, treatment));
        double Share(ExperimentArm arm) => (double)state.Rings.Rings.Where(r => arm.Rings.Contains(r.Id)).Sum(r => r.Share);
        return (Share(experiment.Control), Share(experiment.Treatment));
    }

    /// <summary>Null where the host does not tell it: what people's labels tell is counted, not sampled.</summary>
    static double? Value(string signal, HostRow row) => signal switch
    {
        ExperimentSignals.CriticalCoverage => row.CriticalKnown > 0 ? (double)row.CriticalReporting / row.CriticalKnown : null,
        ExperimentSignals.Coverage => row.Coverage,
        ExperimentSignals.Cost => (double?)row.UsdPerHour,
        ExperimentSignals.Series => row.SeriesInScrape > 0 ? row.SeriesInScrape : null,
        ExperimentSignals.Anomalies => row.OpenAnomalies,
        _ => null,
    };
}
