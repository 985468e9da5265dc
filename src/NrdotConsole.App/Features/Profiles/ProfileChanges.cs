using System.Globalization;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Profiles;

/// <summary>Turns a form of a profile into a Change of <c>profiles.yaml</c>, drafted and validated: nothing goes to a host before it is approved and started.</summary>
internal sealed class ProfileChanges(ConfigRepository repository, ChangeLife changes)
{
    public async Task<(long? Change, string? Refusal)> DraftAsync(Actor actor, Profile profile, ProfileNumbers after, string reason, CancellationToken ct = default)
    {
        if (after.Faults() is [var first, ..]) return (null, first.Message);
        var onto = repository.Head;
        if (!repository.Tree(onto).Files.TryGetValue(ProfileEdit.File, out var text)) return (null, $"{ProfileEdit.File} is not in the repository: add it on the Config page.");
        var (edited, fault) = ProfileEdit.Apply(text, profile.Name, ProfileNumbers.Of(profile), after);
        if (edited is null) return (null, fault!.Message);
        var drafted = await changes.CreateAsync(actor, new NewChange(ChangeKind.Profile, Title(profile, after.In(profile)), reason)
        {
            Edits = new Dictionary<string, string?> { [ProfileEdit.File] = edited }, BaseCommit = onto,
        }, ct);
        if (drafted.Change is not { } draft) return (null, Words(drafted.Refusal!));
        // What is wrong with it stands on the change's own page: the draft is made either way.
        await changes.ValidateAsync(draft.Id, new(actor), ct);
        return (draft.Id, null);
    }

    static string Title(Profile before, Profile after)
    {
        var moved = new List<string>();
        Say("importance", before.MinImportance, after.MinImportance);
        Say("CPU %", before.CpuPercent, after.CpuPercent);
        Say("memory MB", before.MemoryMb, after.MemoryMb);
        Say("I/O kB/s", before.IoKbPerSecond, after.IoKbPerSecond);
        Say("series", before.MaxSeriesPerHost, after.MaxSeriesPerHost);
        Say("target", before.TargetReduction, after.TargetReduction);
        Say("interval s", before.Interval.TotalSeconds, after.Interval.TotalSeconds);
        return $"Profile {before.Name}: {string.Join(", ", moved)}";

        void Say(string what, double from, double to)
        {
            if (!from.Equals(to)) moved.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {from:0.##} → {to:0.##}"));
        }
    }

    static string Words(ChangeRefusal refusal) => $"{refusal.Title} {refusal.Detail}";
}
