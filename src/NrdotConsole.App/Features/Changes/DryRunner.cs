using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Dry runs against the fleet as it is now: its hosts and rings, its agents, what its hosts measure.</summary>
internal sealed class DryRunner(RingAssignments rings, SignalBoard board, TimeProvider time)
{
    public DryRun Run(DesiredState before, DesiredState after, ChangeTargets targets) =>
        new DryRunRule(before, after, new CollectorEndpoints("http://console:4318")).Run(Hosts(before, after), targets, time.GetUtcNow(), LineDiff.Of);

    IReadOnlyList<DryRunHost> Hosts(DesiredState before, DesiredState after)
    {
        var measured = new Dictionary<(string, string), HostRow>();
        foreach (var row in board.Fleet(SignalScope.Fleet).Current?.Rows ?? []) measured[(row.Tenant, row.HostKey)] = row;
        var moves = ReferenceEquals(before.Rings, after.Rings) ? [] : rings.Preview(after.Rings).ToDictionary(m => (m.Host.Tenant, m.Host.Key), m => m.To);
        return
        [
            .. rings.Members.Select(m =>
            {
                var row = measured.GetValueOrDefault(m.Key);
                return new DryRunHost(m.Value.Host, m.Value.Ring, moves.TryGetValue(m.Key, out var to) ? to : m.Value.Ring, after.Rings.Exclusions.Contains(m.Key.Key),
                    false, row?.UsdPerHour, row?.ActiveSeries, row?.Coverage);
            }),
        ];
    }
}
