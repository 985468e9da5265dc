using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>What the dry run expects of one agent's host: after / before, 1 for no change.</summary>
internal readonly record struct Expectation(double SeriesRatio, double CostRatio)
{
    public static readonly Expectation None = new(1, 1);
}

/// <summary>
/// A rollout of the Change of the same number, as its journal has it. <paramref name="Moves"/> are the hosts that change their ring once it is
/// applied. <paramref name="Expected"/> is by agent.
/// </summary>
internal sealed record Rollout(long Id, RolloutPlan Plan, RolloutState State, IReadOnlyList<RingMove> Moves, IReadOnlyDictionary<string, Expectation> Expected);
