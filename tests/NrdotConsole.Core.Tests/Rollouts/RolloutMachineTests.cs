using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

public sealed class RolloutMachineTests
{
    static readonly RolloutPace s_pace = RolloutPace.Default with
    {
        Concurrency = 4, ApplyTimeout = TimeSpan.FromSeconds(10), Soak = TimeSpan.FromSeconds(5), MaxSoak = TimeSpan.FromSeconds(20), LookEvery = TimeSpan.FromSeconds(5),
    };

    static void Run(MachineWorld world, int steps, Func<MachineWorld, bool>? until = null)
    {
        for (var i = 0; i < steps && until?.Invoke(world) != true; i++) world.Step();
    }

    [Fact]
    public void Rings_go_in_the_order_of_the_plan_and_each_soaks_first()
    {
        var world = new MachineWorld(1, 40, s_pace);
        Run(world, 300, w => w.State.IsFinished);
        Assert.Equal(RolloutPhase.Applied, world.State.Phase);
        Assert.Equal([4, 3, 2, 1, 0], world.Plan.Waves.Select(w => w.Ring));
        for (var i = 0; i < 5; i++) Assert.True(world.State.Waves[i].EndedAt - world.State.Waves[i].SoakingSince >= s_pace.Soak);
        for (var i = 1; i < 5; i++) Assert.Equal(world.State.Waves[i - 1].EndedAt, world.State.Waves[i].BegunAt);
    }

    [Fact]
    public void A_gate_that_fails_takes_everything_back()
    {
        var world = new MachineWorld(2, 40, s_pace) { Gate = (wave, _) => wave == 1 ? GateVerdict.Fail : GateVerdict.Pass };
        Run(world, 300, w => w.State.IsFinished);
        Assert.Equal(RolloutPhase.RolledBack, world.State.Phase);
        Assert.Equal("as the test says", world.State.Reason);
        Assert.Equal(GateVerdict.Fail, world.State.Waves[1].Verdict);
        Assert.False(world.State.HasBegun(2));
        Assert.All(world.Assignments, a => Assert.Equal(MachineWorld.Old, a.Assigned));
    }

    [Theory]
    [InlineData(WhenInconclusive.Pause)]
    [InlineData(WhenInconclusive.RollBack)]
    public void A_gate_that_cannot_say_extends_the_soak_and_then_does_as_told(WhenInconclusive setting)
    {
        var world = new MachineWorld(3, 20, s_pace with { WhenInconclusive = setting }) { Gate = (_, _) => GateVerdict.Inconclusive };
        Run(world, 200, w => w.State.IsFinished || w.State.PausedBecause is not null);
        if (setting == WhenInconclusive.RollBack)
        {
            Assert.Equal(RolloutPhase.RolledBack, world.State.Phase);
            return;
        }
        Assert.StartsWith("inconclusive after 2", world.State.PausedBecause, StringComparison.Ordinal);
        Assert.False(world.State.HasBegun(1));
        world.Gate = (_, _) => GateVerdict.Pass;
        world.Step(command: new(RolloutCommandKind.Resume, "the backend was down"));
        Run(world, 300, w => w.State.IsFinished);
        Assert.Equal(RolloutPhase.Applied, world.State.Phase);
    }

    [Fact]
    public void More_failures_than_the_budget_end_a_wave_before_its_soak()
    {
        var world = new MachineWorld(4, 60, s_pace) { FailureChance = 0.6 };
        Run(world, 100, w => w.State.IsFinished);
        Assert.Equal(RolloutPhase.RolledBack, world.State.Phase);
        Assert.Contains("agents of ring 4 failed", world.State.Reason, StringComparison.Ordinal);
        Assert.All(world.Assignments, a => Assert.Equal(MachineWorld.Old, a.Assigned));
    }

    [Fact]
    public void A_freeze_holds_what_is_to_come_and_lets_what_must_back()
    {
        var world = new MachineWorld(5, 40, s_pace);
        Run(world, 3);
        var offered = world.State.Agents.Values.Count(a => a.IsTouched);
        for (var i = 0; i < 20; i++) world.Step(RolloutHold.Forward);
        Assert.Equal(offered, world.State.Agents.Values.Count(a => a.IsTouched));
        Assert.Null(world.State.PausedBecause);
        for (var i = 0; i < 30; i++) world.Step(RolloutHold.Forward, i == 0 ? new(RolloutCommandKind.RollBack, "enough") : null);
        Assert.Equal(RolloutPhase.RolledBack, world.State.Phase);
    }

    [Fact]
    public void An_agent_that_was_away_is_assigned_and_held_against_nobody()
    {
        var world = new MachineWorld(7, 0, s_pace) { SilenceChance = 1 };
        for (var i = 0; i < 12; i++) world.Join();
        world.SilenceChance = 0;
        Run(world, 200, w => w.State.IsFinished);
        Assert.Equal(RolloutPhase.Applied, world.State.Phase);
        Assert.All(world.State.Agents.Values, a => Assert.True(a is { State: AgentState.NotReporting, WasAbsent: true }));
        Assert.All(world.Assignments.Where(a => !a.IsExcluded), a => Assert.Equal(MachineWorld.New, a.Assigned));
    }

    [Fact]
    public void An_agent_that_fell_silent_before_its_turn_and_was_never_sent_it_is_held_against_nobody()
    {
        Assert.True(After(wasSent: false) is { State: AgentState.NotReporting, WasAbsent: true, HasFailed: false });
        Assert.True(After(wasSent: true) is { State: AgentState.NotReporting, WasAbsent: false, HasFailed: true });

        static AgentProgress After(bool wasSent) => Single(s_pace.ApplyTimeout + TimeSpan.FromSeconds(1), new(false, s_start.AddSeconds(-30), "new", "old", ConfigAnswer.Applied, WasSent: wasSent));
    }

    [Fact]
    public void An_agent_that_a_person_removed_is_held_against_nobody()
    {
        Assert.True(Single(TimeSpan.FromSeconds(1), null, applied: true) is { State: AgentState.NotReporting, WasAbsent: true });
        Assert.True(Single(s_pace.ApplyTimeout + TimeSpan.FromSeconds(1), null) is { State: AgentState.NotReporting, WasAbsent: true });
    }

    static readonly DateTimeOffset s_start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One agent that was connected at its turn, a while later.</summary>
    static AgentProgress Single(TimeSpan later, AgentFact? fact, bool applied = false)
    {
        var plan = RolloutPlan.Of(NrdotConsole.Core.Rings.RingPlan.Default, s_pace);
        RolloutTarget[] targets = [.. Enumerable.Range(0, 5).Select(i => new RolloutTarget($"a{i}", "prod", $"h{i}", $"h{i}", plan.Waves[0].Ring, "new", "old"))];
        var facts = targets.ToDictionary(t => t.Uid, t => new AgentFact(true, s_start, "old", "old", ConfigAnswer.Applied));
        var state = RolloutMachine.Step(plan, RolloutState.Start(plan, targets, s_start), new(s_start, targets, facts)).State;
        if (applied) state = state with { Agents = state.Agents.SetItem("a0", state.Agents["a0"].End(AgentState.ConfigApplied, s_start)) };
        var at = s_start + later;
        facts = targets.Skip(1).ToDictionary(t => t.Uid, t => new AgentFact(true, at, "new", "new", ConfigAnswer.Applied));
        if (fact is not null) facts["a0"] = fact;
        return RolloutMachine.Step(plan, state, new(at, targets, facts) { Since = s_start.AddHours(-1) }).State.Agents["a0"];
    }

    [Fact]
    public void A_wave_of_three_forgives_nobody_and_one_of_four_forgives_one()
    {
        Assert.Equal([0, 0, 1, 1, 1, 5], new[] { 1, 3, 4, 10, 39, 100 }.Select(s_pace.AllowedFailures));
    }

    [Fact]
    public void An_applied_rollout_can_be_taken_back()
    {
        var world = new MachineWorld(8, 30, s_pace);
        Run(world, 300, w => w.State.IsFinished);
        world.Step(command: new(RolloutCommandKind.RollBack, "it costs more than we thought"));
        Run(world, 60, w => w.State.IsFinished);
        Assert.Equal(RolloutPhase.RolledBack, world.State.Phase);
        Assert.All(world.Assignments, a => Assert.Equal(MachineWorld.Old, a.Assigned));
        Assert.All(world.State.Agents.Values.Where(a => a.IsTouched), a => Assert.Equal([MachineWorld.New, MachineWorld.Old], a.Attempts.Select(t => t.Hash)));
    }

    [Fact]
    public void Silence_while_the_console_was_down_is_held_against_nobody()
    {
        var world = new MachineWorld(9, 40, s_pace);
        for (var i = 0; i < 6; i++) world.Step();
        Assert.Contains(world.State.Agents.Values, a => a.State == AgentState.ConfigApplied);
        Assert.DoesNotContain(RolloutMachine.Step(world.Plan, world.State, After(TimeSpan.FromHours(1), TimeSpan.FromSeconds(9))).State.Agents.Values, a => a.HasFailed);
        Assert.Equal(RolloutPhase.RollingBack, RolloutMachine.Step(world.Plan, world.State, After(TimeSpan.FromHours(1), TimeSpan.FromSeconds(11))).State.Phase);

        RolloutFacts After(TimeSpan down, TimeSpan since)
        {
            var facts = world.Facts();
            return facts with
            {
                At = facts.At + down + since, Since = facts.At + down, Hold = RolloutHold.Forward,
                Agents = facts.Agents.ToDictionary(a => a.Key, a => a.Value with { IsConnected = false }),
            };
        }
    }
}
