using FsCheck;
using FsCheck.Xunit;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>What holds whatever the agents do, whatever is lost, whoever commands.</summary>
public sealed class RolloutMachineLawTests
{
    static readonly RolloutPace s_pace = RolloutPace.Default with
    {
        Concurrency = 3, RollbackConcurrency = 5, ApplyTimeout = TimeSpan.FromSeconds(8), Soak = TimeSpan.FromSeconds(3), MaxSoak = TimeSpan.FromSeconds(12), LookEvery = TimeSpan.FromSeconds(2), FailureBudget = 0.2,
    };

    static MachineWorld World(int seed, RolloutPace? pace = null) => new(seed, 5 + (int)((uint)seed % 40), pace ?? s_pace)
    {
        FailureChance = seed % 3 == 0 ? 0.05 : 0, LossChance = 0.3, SilenceChance = seed % 2 == 0 ? 0.02 : 0,
        Gate = (wave, look) => (GateVerdict)(((uint)HashCode.Combine(wave, look, seed)) % 8 is 0 ? 2 : ((uint)HashCode.Combine(look, wave, seed)) % 3 is 0 ? 0 : 1),
    };

    /// <summary>Runs with people, freezes, joiners and leavers; answers after every step.</summary>
    static IEnumerable<MachineWorld> Life(int seed, int steps = 250)
    {
        var (world, chance) = (World(seed), new Random(seed));
        for (var i = 0; i < steps; i++)
        {
            RolloutCommand? command = chance.Next(60) switch
            {
                0 => new(RolloutCommandKind.Pause, "wait"),
                1 or 2 => new(RolloutCommandKind.Resume, "go on"),
                3 when chance.Next(4) == 0 => new(RolloutCommandKind.RollBack, "enough"),
                _ => null,
            };
            if (chance.Next(20) == 0) world.Join();
            if (chance.Next(40) == 0) world.Leave();
            world.Step(chance.Next(10) < 2 ? RolloutHold.Forward : RolloutHold.None, command);
            yield return world;
        }
    }

    [Property(MaxTest = 60)]
    public bool Never_more_agents_are_in_flight_than_the_limit(int seed) => Life(seed).All(w => w.MostInFlight <= s_pace.RollbackConcurrency
        && (w.State.RollbackStartedAt is not null || w.State.Agents.Values.Count(a => a.IsInFlight) <= s_pace.Concurrency));

    [Property(MaxTest = 60)]
    public bool A_wave_ends_well_only_by_a_pass_and_the_next_begins_only_then(int seed)
    {
        foreach (var world in Life(seed))
        {
            for (var wave = 1; wave < world.State.Waves.Length; wave++)
            {
                var before = world.State.Waves[wave - 1];
                if (!world.State.HasBegun(wave)) continue;
                if (before.EndedAt is null) return false;
                var wasEmpty = before.SoakingSince is null;
                if (!wasEmpty && before.Verdict != GateVerdict.Pass) return false;
            }
        }
        return true;
    }

    [Property(MaxTest = 60)]
    public bool Who_is_excluded_or_waits_keeps_what_it_had(int seed) => Life(seed).All(w => w.Assignments.All(a =>
        a.Assigned == MachineWorld.Old || (!a.IsExcluded && w.State.Agents.TryGetValue(a.Uid, out var agent) && agent.IsTouched)));

    [Property(MaxTest = 60)]
    public bool After_a_rollback_every_agent_is_assigned_what_it_had(int seed)
    {
        var world = World(seed);
        for (var i = 0; i < (int)((uint)seed % 60); i++) world.Step();
        world.Step(command: new(RolloutCommandKind.RollBack, "enough"));
        for (var i = 0; i < 400 && world.State.Phase != RolloutPhase.RolledBack; i++) world.Step();
        return world.State.Phase == RolloutPhase.RolledBack && world.Assignments.All(a => a.Assigned == MachineWorld.Old);
    }

    [Property(MaxTest = 60)]
    public bool Facts_told_again_change_nothing(int seed)
    {
        foreach (var world in Life(seed, 120))
        {
            var facts = world.Facts();
            var once = RolloutMachine.Step(world.Plan, world.State, facts);
            var settled = RolloutMachine.Step(world.Plan, RolloutMachine.Step(world.Plan, once.State, facts).State, facts);
            var again = RolloutMachine.Step(world.Plan, settled.State, facts);
            if (Print(again.State) != Print(settled.State)) return false;
            if (again.State.Agents.Values.Any(a => a.Attempts.Length > (world.State.Agents.GetValueOrDefault(a.Target.Uid)?.Attempts.Length ?? 0) + 2)) return false;
        }
        return true;
    }

    [Property(MaxTest = 60)]
    public bool A_rollout_whose_gates_pass_ends_applied_though_actions_get_lost(int seed)
    {
        var world = World(seed, s_pace with { ApplyTimeout = TimeSpan.FromSeconds(60) });
        (world.FailureChance, world.SilenceChance, world.Gate) = (0, 0, (_, _) => GateVerdict.Pass);
        for (var i = 0; i < 600 && !world.State.IsFinished; i++) world.Step();
        return world.State.Phase == RolloutPhase.Applied && world.Assignments.All(a => a.Assigned == (a.IsExcluded ? MachineWorld.Old : MachineWorld.New));
    }

    static string Print(RolloutState s) =>
        $"{s.Phase} {s.Wave} {s.Look} {s.IsLookAsked} {s.PausedBecause} {string.Join(',', s.Waves)} " + string.Join(';', s.Agents.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} {a.Value.State} {a.Value.Attempts.Length}"));
}
