using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Experiments;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>Experiments as they are shown: those that main defines, with their newest runs.</summary>
internal sealed class ExperimentReader(ExperimentStore store, DesiredStates states, FeedbackStore feedback, TimeProvider time)
{
    public async Task<IReadOnlyList<ExperimentView>> AllAsync(CancellationToken ct = default)
    {
        var views = new List<ExperimentView>();
        foreach (var experiment in states.Current.Experiments.Experiments) views.Add(await ViewAsync(experiment, ct));
        return views;
    }

    public async Task<ExperimentView?> FindAsync(string key, CancellationToken ct = default) => states.Current.Experiments.Find(key) is { } experiment ? await ViewAsync(experiment, ct) : null;

    async Task<ExperimentView> ViewAsync(Experiment experiment, CancellationToken ct)
    {
        if (await store.NewestAsync(experiment.Key, ct) is not { } run) return new(experiment, null, null, null, null, null, null, null, null, 0, 0, null, null, []);
        var looks = await store.LooksAsync(run.Id, ct);
        var hosts = await store.HostsAsync(run.Id, ct);
        var now = time.GetUtcNow();
        var labels = run.Experiment.Metrics.Any(m => ExperimentSignals.IsLabelled(m.Signal)) ? new LabelCounts(hosts, await feedback.SaidAsync(run.BeginsAt, run.EndsAt, ct)).ByArm : null;
        var last = looks.Count > 0 ? looks[^1] : null;
        DateTimeOffset? next = run.EndedAt is null ? run.BeginsAt + (run.Experiment.LookEvery * ((last?.Look ?? 0) + 1)) : null;
        return new(experiment, run.Id, run.StartedAt, run.BeginsAt, run.EndsAt, run.SampledAt, run.EndedAt, run.WhyEnded, next, hosts.Count(h => !h.IsTreated), hosts.Count(h => h.IsTreated), labels, last, looks)
        {
            IsInTimeBefore = run.EndedAt is null && now < run.BeginsAt,
        };
    }
}
