using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>
/// Agents that answer as chance has it, behind an assignment table. Actions may be lost, as a crash between writing the state and doing what it
/// asks for loses them; the state itself is never lost.
/// </summary>
internal sealed class MachineWorld
{
    public const string New = "new", Old = "old";

    readonly Random _random;
    readonly Dictionary<string, Simulated> _agents = [];
    int _next;

    sealed class Simulated
    {
        public required RolloutTarget Target { get; init; }
        public string? Assigned { get; set; } = Old;
        public string? Reported { get; set; } = Old;
        public ConfigAnswer Answer { get; set; } = ConfigAnswer.Applied;
        public bool IsConnected { get; set; } = true;
        public DateTimeOffset LastSeen { get; set; }
        public bool IsExcluded { get; init; }
    }

    public MachineWorld(int seed, int agents, RolloutPace pace)
    {
        _random = new(seed);
        Plan = RolloutPlan.Of(RingPlan.Default, pace);
        for (var i = 0; i < agents; i++) Join();
        State = RolloutState.Start(Plan, Targets, Now);
    }

    public RolloutPlan Plan { get; }
    public RolloutState State { get; private set; }
    public DateTimeOffset Now { get; private set; } = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    public double FailureChance { get; set; }
    public double LossChance { get; set; }
    public double SilenceChance { get; set; }
    public Func<int, int, GateVerdict> Gate { get; set; } = (_, _) => GateVerdict.Pass;
    public GateAnswer? Answered { get; private set; }
    public RolloutStep Last { get; private set; } = null!;
    public int MostInFlight { get; private set; }
    public int TargetAssignments { get; private set; }

    List<RolloutTarget> Targets => [.. _agents.Values.Where(a => !a.IsExcluded).Select(a => a.Target)];

    public IEnumerable<(string Uid, string? Assigned, bool IsExcluded)> Assignments => _agents.Values.Select(a => (a.Target.Uid, a.Assigned, a.IsExcluded));

    public void Join()
    {
        var uid = $"a{_next++:000}";
        var ring = _random.Next(5);
        _agents[uid] = new() { Target = new(uid, "prod", uid, uid, ring, New, Old), IsExcluded = _random.Next(10) == 0, LastSeen = Now, IsConnected = _random.NextDouble() > SilenceChance };
    }

    public void Leave()
    {
        if (_agents.Count > 0) _agents.Remove(_agents.Keys.ElementAt(_random.Next(_agents.Count)));
    }

    public RolloutFacts Facts(RolloutHold hold = RolloutHold.None, RolloutCommand? command = null) => new(
        Now, Targets, _agents.Values.ToDictionary(a => a.Target.Uid, a => new AgentFact(a.IsConnected, a.LastSeen, a.Assigned, a.Reported, a.Answer)))
    {
        Hold = hold, Command = command, Gate = Answered,
    };

    /// <summary>One second: agents answer, the machine steps, its actions are done or lost.</summary>
    public void Step(RolloutHold hold = RolloutHold.None, RolloutCommand? command = null)
    {
        Now = Now.AddSeconds(1);
        foreach (var agent in _agents.Values) Live(agent);
        Last = RolloutMachine.Step(Plan, State, Facts(hold, command));
        State = Last.State;
        MostInFlight = Math.Max(MostInFlight, State.Agents.Values.Count(a => a.IsInFlight));
        if (_random.NextDouble() < LossChance) return;
        foreach (var action in Last.Actions) Do(action);
    }

    void Live(Simulated agent)
    {
        if (_random.NextDouble() < SilenceChance) agent.IsConnected = !agent.IsConnected;
        if (!agent.IsConnected) return;
        agent.LastSeen = Now;
        if (agent.Assigned == agent.Reported || _random.Next(2) == 0) return;
        (agent.Reported, agent.Answer) = (agent.Assigned, agent.Assigned == New && _random.NextDouble() < FailureChance ? ConfigAnswer.Failed : ConfigAnswer.Applied);
    }

    void Do(RolloutAction action)
    {
        switch (action)
        {
            case RolloutAction.Assign assign:
                foreach (var uid in assign.Uids)
                {
                    if (assign.Hash == New) TargetAssignments++;
                    if (_agents.TryGetValue(uid, out var agent)) agent.Assigned = assign.Hash;
                }
                break;
            case RolloutAction.Judge judge:
                Answered = new(judge.Wave, judge.Look, Gate(judge.Wave, judge.Look), "as the test says");
                break;
            default: throw new InvalidOperationException(action.ToString());
        }
    }
}
