using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>Rollouts as they are shown: the one that moves from memory, the others from the journal.</summary>
internal sealed class RolloutReader(RolloutStore store, RolloutEngine engine, ChangeStore changes, SignalBoard board, TimeProvider time)
{
    public async Task<Rollout?> FindAsync(long id, CancellationToken ct = default) => engine.Current is { } current && current.Id == id ? current : await store.FindAsync(id, ct);

    public async Task<RolloutSummary?> SummaryAsync(long id, CancellationToken ct = default)
    {
        if (board.Rollout.Current is { } live && live.Id == id) return live;
        if (await store.FindAsync(id, ct) is not { } rollout) return null;
        var gates = (await store.GatesAsync(id, lastOnly: true, ct)).ToDictionary(g => g.Wave);
        var title = (await changes.FindAsync(id, ct))?.Title ?? "";
        return RolloutSummary.Of(id, title, time.GetUtcNow(), rollout.Plan, rollout.State, null, wave => gates.GetValueOrDefault(wave));
    }

    public async Task<Page<RolloutSummary>> PageAsync(PageRequest page, CancellationToken ct = default)
    {
        var ids = await store.PageAsync(page, ct);
        var found = new List<RolloutSummary>(ids.Items.Count);
        foreach (var id in ids.Items)
            if (await SummaryAsync(id, ct) is { } summary) found.Add(summary);
        return new(found, ids.Total, ids.Offset, ids.Limit);
    }
}
