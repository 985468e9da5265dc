using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Flags;

/// <summary>
/// The flags of the Change that rolls, for hosts of rings that it has reached: an OpenFeature client on a host gets what the host's collector is
/// configured by. One that goes back goes back for everybody at once.
/// </summary>
internal sealed class RollingFlags(SignalBoard board, ChangeBoard changes, DesiredStates desired)
{
    sealed record Reach(RolloutSummary Rollout, Change Change, IReadOnlySet<int> Rings, DesiredState State);

    volatile Reach? _last;

    /// <summary>Null where main's flags hold for the host.</summary>
    public FlagSet? Of(in HostIdentity host, int? ring) =>
        ring is { } of && Now() is { } reach && reach.Rings.Contains(of) && reach.Change.Content.Targets.Includes(host.Tenant, host.Key, of)
        && !desired.Current.Rings.Exclusions.Contains(host.Key) && !reach.State.Rings.Exclusions.Contains(host.Key) ? reach.State.Flags : null;

    /// <summary>Another object whenever the answers may be others; null while no Change's flags are about.</summary>
    public object? Moment => Now();

    Reach? Now()
    {
        if (board.Rollout.Current is not { Phase: RolloutPhase.Assigning or RolloutPhase.Soaking or RolloutPhase.Applied } rollout) return null;
        if (changes.Newest.Current?.Changes.FirstOrDefault(c => c.Id == rollout.Id) is not { State: ChangeState.Rolling, RollingCommit: { } commit } change) return null;
        if (_last is { } last && ReferenceEquals(last.Rollout, rollout) && ReferenceEquals(last.Change, change)) return last;
        return _last = new(rollout, change, rollout.Waves.Where(w => w.BegunAt is not null).Select(w => w.Ring).ToHashSet(), desired.At(commit));
    }
}
