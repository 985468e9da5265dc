using System.Globalization;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Features.Rings;

/// <summary>Turns an edit of the plan into a Change of <c>rings.yaml</c>, drafted and validated: nobody moves before it is applied.</summary>
internal sealed class RingChanges(ConfigRepository repository, DesiredStates desired, ChangeLife changes)
{
    public async Task<ChangeResult> OpenAsync(
        Actor actor, RingEdit edit, string? reason, RolloutOptions rollout, string origin = "form", string? requestKey = null, CancellationToken ct = default)
    {
        if (string.IsNullOrWhiteSpace(reason)) return ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("reason", "", $"why hosts change their ring, in 1 to {NewChange.MaxReasonLength} characters")));
        var onto = repository.Head;
        var before = desired.Current.Rings;
        var (after, faults) = edit.On(before);
        if (faults.Count > 0) return ChangeResult.Refused(ChangeRefusal.Invalid(faults));
        if (after == before) return ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("shares", "", "shares, order, pins or exclusions that differ from what they are now")));
        string text;
        try
        {
            text = RingEdit.Write(repository.Tree(onto).Files.GetValueOrDefault(RingEdit.File) ?? ShippedFiles.All[RingEdit.File], before, after);
        }
        catch (FormatException fault)
        {
            return ChangeResult.Refused(ChangeRefusal.Conflict($"{RingEdit.File} is written in a way that this cannot edit.", $"{fault.Message} Edit the file itself."));
        }
        var drafted = await changes.CreateAsync(actor, new(ChangeKind.Ring, Title(before, after), reason)
        {
            Edits = new Dictionary<string, string?> { [RingEdit.File] = text }, BaseCommit = onto, Rollout = rollout, Origin = origin, RequestKey = requestKey,
        }, ct);
        if (drafted is not { Refusal: null, Change: { State: ChangeState.Draft } draft }) return drafted;
        // What is wrong with it stands on the change's own page: the draft is made either way.
        var validated = await changes.ValidateAsync(draft.Id, new(actor), ct);
        return new(validated.Change ?? draft, null);
    }

    public static string Title(RingPlan before, RingPlan after)
    {
        var parts = new List<string>();
        foreach (var ring in after.Rings.Where(r => before.Find(r.Id)!.Share != r.Share))
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{ring.Name} {before.Find(ring.Id)!.Share * 100:0.##} → {ring.Share * 100:0.##} %"));
        if (!after.RolloutOrder.SequenceEqual(before.RolloutOrder)) parts.Add($"order {string.Join(", ", after.RolloutOrder)}");
        var pins = after.Pins.Count(p => !before.Pins.TryGetValue(p.Key, out var ring) || ring != p.Value);
        Say(pins, "pinned");
        Say(before.Pins.Keys.Count(k => !after.Pins.ContainsKey(k)), "unpinned");
        Say(after.Exclusions.Count(e => !before.Exclusions.Contains(e)), "excluded");
        Say(before.Exclusions.Count(e => !after.Exclusions.Contains(e)), "no longer excluded");
        var title = $"Rings: {string.Join(", ", parts)}";
        return title.Length > NewChange.MaxTitleLength ? title[..(NewChange.MaxTitleLength - 1)] + "…" : title;

        void Say(int hosts, string what)
        {
            if (hosts > 0) parts.Add($"{ChangeWords.Hosts(hosts)} {what}");
        }
    }
}
