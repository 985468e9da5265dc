using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>What hosts run under two desired states. Equal inputs are rendered once. Not safe for concurrent use.</summary>
internal sealed class TargetPlanner(DesiredState before, DesiredState after, CollectorEndpoints endpoints, double promisedSaving)
{
    readonly Dictionary<(bool IsAfter, string Profile, int Ring, string? Tenant, string Flags, ComponentSet? Components), Rendering> _renderings = [];

    sealed record Rendering(CollectorConfig Config, ConfigEstimate Estimate);

    public DesiredState After { get; } = after;

    public bool IsExcluded(in HostIdentity host) => before.Rings.Exclusions.Contains(host.Key) || After.Rings.Exclusions.Contains(host.Key);

    /// <param name="components">What the host's collector is built of; null: all that is rendered.</param>
    public CollectorConfig Before(in HostIdentity host, int ring, ComponentSet? components) => Render(false, before, host, ring, components).Config;

    /// <summary>What the host is to run, and what the dry run expects of it. <paramref name="processShare"/> is the processes' share of its series, 0..1: host metrics stay.</summary>
    public (CollectorConfig Config, Expectation Expected) Plan(in HostIdentity host, int ring, int ringAfter, ComponentSet? components, double processShare)
    {
        var (from, to) = (Render(false, before, host, ring, components), Render(true, After, host, ringAfter, components));
        return (to.Config, new(
            Insist(1 - processShare + (processShare * to.Estimate.Series / from.Estimate.Series)),
            Insist(to.Estimate.Points / from.Estimate.Points)));
    }

    /// <summary>The estimate is a model's: of a saving it promises, a share must come; a growth it announces is allowed in full.</summary>
    double Insist(double ratio) => ratio < 1 ? 1 - (promisedSaving * (1 - ratio)) : ratio;

    Rendering Render(bool isAfter, DesiredState state, in HostIdentity host, int ring, ComponentSet? components)
    {
        var input = HostConfig.Resolve(state, host, ring, endpoints) with { Components = components };
        var key = (isAfter, input.Profile.Name, ring, input.Tenant?.Name, string.Join(',', input.FlagsOn.Select(f => f.Key)), components);
        if (!_renderings.TryGetValue(key, out var rendering)) _renderings[key] = rendering = new(CollectorConfigRenderer.Render(input), ConfigEstimate.Of(input));
        return rendering;
    }
}
