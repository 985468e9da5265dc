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
internal sealed class ExperimentRunner(ExperimentStore store, DesiredStates states, RingAssignments rings, SignalBoard board, TimeProvider time)
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
        if (run.SampledAt is null || now - run.SampledAt >= SampleEvery) await store.SampleAsync(run.Id, now, Samples(run.Experiment, state), ct);
        var due = run.LooksDue(now);
        var last = (await store.LooksAsync(run.Id, ct)) is [.., var newest] ? newest.Look : 0;
        if (due > last)
        {
            var (samples, control, treatment) = await store.SamplesAsync(run.Id, ct);
            await store.AddLookAsync(run.Id, ExperimentJudge.Judge(run.Experiment, due, now, (control, treatment), Shares(run.Experiment, state, control, treatment), samples), ct);
        }
        if (now >= run.EndsAt) await store.EndAsync(run.Id, now, "its time is over", ct);
    }

    /// <summary>Hosts in an arm now: those that were drawn into it. A pinned host was placed by hand and an excluded one is nobody's, so neither takes part.</summary>
    IEnumerable<HostSample> Samples(Experiment experiment, DesiredState state)
    {
        foreach (var row in board.Fleet(SignalScope.Fleet).Current?.Rows ?? [])
        {
            if (row.Health is not (HostHealth.Healthy or HostHealth.Degraded) || ArmOf(experiment, state, row) is not { } isTreated) continue;
            foreach (var signal in experiment.Metrics.Select(m => m.Signal).Distinct())
                if (Value(signal, row) is { } value) yield return new(signal, row.Tenant, row.HostKey, isTreated, value);
        }
    }

    bool? ArmOf(Experiment experiment, DesiredState state, HostRow row)
    {
        if (state.Rings.Pins.ContainsKey(row.HostKey) || state.Rings.Pins.ContainsKey(row.Name) || state.Rings.Exclusions.Contains(row.HostKey) || state.Rings.Exclusions.Contains(row.Name)) return null;
        if (rings.RingOf(row.Tenant, row.HostKey) is not { } ring) return null;
        if (experiment.Flag is { } flag)
        {
            var isOn = FlagEvaluator.On(state.Flags, new(row.Tenant, row.HostKey, row.Name, row.Os), ring).Any(f => f.Key == flag);
            var arm = isOn ? experiment.Treatment : experiment.Control;
            return arm.Rings.Count == 0 || arm.Rings.Contains(ring) ? isOn : null;
        }
        return experiment.Treatment.Rings.Contains(ring) ? true : experiment.Control.Rings.Contains(ring) ? false : null;
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

    /// <summary>Null where the host does not tell it. Nobody labels anomalies yet, so their rates are told by none.</summary>
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
