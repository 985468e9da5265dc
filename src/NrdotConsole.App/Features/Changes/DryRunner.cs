using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Dry runs against the fleet as it is now: its hosts and rings, its agents, what its hosts measure.</summary>
internal sealed class DryRunner(RingAssignments rings, AgentDirectory agents, SignalBoard board, CollectorEndpoints endpoints, TimeProvider time)
{
    public DryRun Run(DesiredState before, DesiredState after, ChangeTargets targets) =>
        new DryRunRule(before, after, endpoints).Run(Hosts(before, after), targets, time.GetUtcNow(), LineDiff.Of, Check);

    /// <summary>How many of the hosts that going from <paramref name="before"/> to <paramref name="after"/> alters would run something else than by <paramref name="approved"/>.</summary>
    public int OtherThan(DesiredState approved, DesiredState before, DesiredState after)
    {
        var altered = new DryRunRule(before, after, endpoints).Altered(Hosts(before, after));
        return new DryRunRule(approved, after, endpoints).Altered(altered.Select(h => h with { Ring = h.RingAfter })).Count();
    }

    /// <summary>A configuration that its check refuses goes to nobody.</summary>
    static IReadOnlyList<DryRunError> Check(DryRunRule.Rendering rendering)
    {
        var (root, fault) = YamlTree.Read(rendering.Config.Yaml);
        if (root is null) return [new($"Rendered for {rendering.Input.Profile.Name}, line {fault!.Line}: {fault.Message}", "mend the fragment that is merged in")];
        return
        [
            .. ConfigCheck.Check(root, rendering.Input.Classification, rendering.Input.Declared).Where(f => f.IsError)
                .Select(f => new DryRunError($"Rendered for {rendering.Input.Profile.Name}, line {f.Line} {f.Path}: {f.Message}", f.Mend)),
        ];
    }

    IReadOnlyList<DryRunHost> Hosts(DesiredState before, DesiredState after)
    {
        var measured = new Dictionary<(string, string), HostRow>();
        foreach (var row in board.Fleet(SignalScope.Fleet).Current?.Rows ?? []) measured[(row.Tenant, row.HostKey)] = row;
        var steered = agents.All.Where(a => a.IsSteered).Select(a => (a.Tenant, a.HostKey)).ToHashSet();
        var moves = before.Rings.PlacesAlike(after.Rings) ? [] : rings.Preview(after.Rings).ToDictionary(m => (m.Host.Tenant, m.Host.Key), m => m.To);
        return
        [
            .. rings.Members.Select(m =>
            {
                var row = measured.GetValueOrDefault(m.Key);
                return new DryRunHost(m.Value.Host, m.Value.Ring, moves.TryGetValue(m.Key, out var to) ? to : m.Value.Ring, after.Rings.Exclusions.Contains(m.Key.Key),
                    steered.Contains(m.Key), row?.UsdPerHour, row?.ActiveSeries, row?.Coverage);
            }),
        ];
    }
}
