using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>All that the page and the API show of one Change.</summary>
internal sealed class ChangeReading(ChangeStore store, ChangeLife life, ConfigRepository repository, DesiredStates states, DryRunner dryRuns)
{
    /// <summary>Null where there is no such Change.</summary>
    public async Task<SeenChange?> OfAsync(long id, CancellationToken ct = default)
    {
        if (await store.FindAsync(id, ct) is not { } change) return null;
        return new(change, life.ApprovalsNeeded(change), await store.EventsAsync(id, ct), ChangeRow.Read<DryRun>(await store.DryRunAsync(id, ct)),
            [.. repository.Changes(change.Content.BaseCommit, change.Content.Commit).Select(EditedFile.Of)])
        {
            Queue = change.QueuedAt is null ? null : await PlaceAsync(id, ct),
        };
    }

    async Task<QueuePlace> PlaceAsync(long id, CancellationToken ct)
    {
        var (queue, moving) = (await store.QueueAsync(ct), await store.MovingNowAsync(ct));
        return new(queue.TakeWhile(c => c.Id != id).Count() + 1, queue.Count, moving?.Id, moving?.Title);
    }

    /// <summary>What a profile switch would come to; nothing is kept.</summary>
    public (DryRun? DryRun, ChangeRefusal? Refusal) Preview(ProfileSwitch wanted)
    {
        var files = new Dictionary<string, string>(repository.Tree(ConfigRepository.Main).Files, StringComparer.Ordinal);
        var (edits, faults) = wanted.On(files);
        if (faults.Count > 0) return (null, ChangeRefusal.Invalid(faults));
        foreach (var (file, text) in edits) files[file] = text!;
        var report = ConfigValidation.Validate(files);
        return report.State is { } after
            ? (dryRuns.Run(states.Current, after, wanted.Targets), null)
            : (null, ChangeRefusal.Conflict("The edited files would not validate.", string.Join("\n", report.Errors.Take(10))));
    }
}
