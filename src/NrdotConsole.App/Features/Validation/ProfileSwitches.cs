using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.App.Features.Validation;

/// <summary>What the desired state was before a Change took effect, and after.</summary>
internal readonly record struct StateShift(DesiredState Before, DesiredState After)
{
    /// <summary>Whether it gave the host another profile, by the ring that the host is in now.</summary>
    public bool Alters(in HostIdentity host, int ring) => HostConfig.ProfileOf(Before, host, ring).Name != HostConfig.ProfileOf(After, host, ring).Name;
}

/// <summary>Changes of the desired state within <see cref="DayOneRule.SwitchWindow"/>: those applied, and applied ones taken back.</summary>
internal sealed class ProfileSwitches(ChangeStore store, DesiredStates states, TimeProvider time)
{
    /// <summary>Events read; more within a day fail every host's limit anyway.</summary>
    const int MostEvents = 500;

    public async Task<IReadOnlyList<StateShift>> RecentAsync(CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        var shifts = new List<StateShift>();
        var changes = new Dictionary<long, Change?>();
        foreach (var (step, _) in await store.MarksAsync(now - DayOneRule.SwitchWindow, now, MostEvents, ct))
        {
            var isApplied = step.Step == ChangeStep.Apply;
            if (!isApplied && step is not { Step: ChangeStep.Rollback, From: ChangeState.Applied }) continue;
            if (!changes.TryGetValue(step.ChangeId, out var change)) changes[step.ChangeId] = change = await store.FindAsync(step.ChangeId, ct);
            if (change is not { PreviousCommit: { } previous, RollingCommit: { } rolled }) continue;
            if (states.ReportAt(previous).State is not { } before || states.ReportAt(rolled).State is not { } after) continue;
            shifts.Add(isApplied ? new(before, after) : new(after, before));
        }
        return shifts;
    }
}
