using NrdotConsole.Core.Rings;

namespace NrdotConsole.Core.Rollouts;

/// <summary>What to do when the last look of a wave's gate can neither pass nor fail it.</summary>
public enum WhenInconclusive { Pause, RollBack }

/// <summary>
/// How fast and how carefully a rollout goes. <paramref name="Concurrency"/> is the most agents that have been offered a configuration and
/// not answered, <paramref name="RollbackConcurrency"/> the same on the way back. A wave soaks for <paramref name="Soak"/> after its last
/// agent answered; its gate is looked at each <paramref name="LookEvery"/> from then on, and may extend the soak to <paramref name="MaxSoak"/>.
/// An agent that has not answered within <paramref name="ApplyTimeout"/> has failed. <paramref name="FailureBudget"/> is the share (0..1) of a
/// wave's agents that may fail: see <see cref="AllowedFailures"/>.
/// </summary>
public sealed record RolloutPace(
    int Concurrency, int RollbackConcurrency, TimeSpan ApplyTimeout, TimeSpan Soak, TimeSpan MaxSoak, TimeSpan LookEvery, double FailureBudget, WhenInconclusive WhenInconclusive)
{
    public static readonly RolloutPace Default = new(
        50, 200, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(30), 0.05, WhenInconclusive.Pause);

    /// <summary>Below it no agent of a wave may fail: one of three is no flake.</summary>
    public const int LeastForgiving = 4;

    /// <summary>Looks that a wave's gate can take; the level of its test is divided among them.</summary>
    public int Looks => LookEvery > TimeSpan.Zero ? (int)Math.Min(10_000, Math.Ceiling(MaxSoak / LookEvery) + 1) : 1;

    /// <summary>One in a wave of four or more, or the budget's share where that is more.</summary>
    public int AllowedFailures(int agents) => agents < LeastForgiving ? 0 : Math.Max(1, (int)(FailureBudget * agents));
}

/// <summary>
/// An agent that a change gives another configuration. <paramref name="PreviousHash"/> is what it is to run again after a rollback: what it
/// was assigned before, or what the state before the change renders for it.
/// </summary>
public sealed record RolloutTarget(string Uid, string Tenant, string HostKey, string HostName, int Ring, string TargetHash, string PreviousHash);

/// <summary>One ring of a rollout. Every ring of the order has its wave, an empty one too: agents may join while it runs.</summary>
public sealed record RolloutWave(int Ring, string Name, RingRole Role);

public sealed record RolloutPlan(IReadOnlyList<RolloutWave> Waves, RolloutPace Pace)
{
    /// <summary>The waves in the order of the plan of rings.</summary>
    public static RolloutPlan Of(RingPlan rings, RolloutPace pace) => new(
        [.. rings.RolloutOrder.Select(id => rings.Find(id)).Where(r => r is not null).Select(r => new RolloutWave(r!.Id, r.Name, r.Role))], pace);

    /// <summary>-1 where no wave is of the ring: an agent of such a ring is not touched.</summary>
    public int WaveOf(int ring)
    {
        for (var i = 0; i < Waves.Count; i++)
            if (Waves[i].Ring == ring) return i;
        return -1;
    }
}
