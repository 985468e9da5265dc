using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Features.Rings;

/// <summary>Hosts of a ring now, and under the plan.</summary>
public sealed record RingCount(int Id, string Name, int Before, int After);

public sealed record MovedHost(string Tenant, string Key, string Name, int? From, int To);

/// <summary>
/// What a plan of rings would do to the hosts as they are now; nothing is kept. <paramref name="Reconfigured"/> hosts would run another
/// configuration, <paramref name="NotSteerable"/> of them have no agent that takes one. Dollars are those hosts', before and after; null is
/// unknown. <paramref name="NotSeen"/> are pinned or excluded keys of no host that has been seen. <paramref name="Moved"/> is one page of them;
/// <paramref name="Next"/> is the offset of the following one.
/// </summary>
public sealed record RingPreview(
    int Hosts, int Moves, IReadOnlyList<RingCount> Rings, IReadOnlyDictionary<string, int> Tenants, int Reconfigured, int NotSteerable,
    decimal? UsdPerHourBefore, decimal? UsdPerHourAfter, IReadOnlyList<string> NotSeen, IReadOnlyList<MovedHost> Moved, int? Next);

/// <summary>Tells who would move before anybody does.</summary>
internal sealed class RingPreviews(RingAssignments assignments, DesiredStates desired, AgentDirectory agents, SignalBoard board, CollectorEndpoints endpoints, TimeProvider time)
{
    const int MostNotSeen = 100;

    /// <param name="tenants">The tenants whose hosts are told of; null for all.</param>
    public RingPreview Of(RingPlan plan, IReadOnlySet<string>? tenants, PageRequest page)
    {
        var state = desired.Current;
        var all = assignments.Members;
        var moves = (plan.PlacesAlike(state.Rings) ? [] : assignments.Preview(plan)).Where(m => tenants?.Contains(m.Host.Tenant) != false)
            .OrderBy(m => m.To).ThenBy(m => m.Host.Name, StringComparer.Ordinal).ThenBy(m => m.Host.Tenant, StringComparer.Ordinal).ToList();
        var to = moves.ToDictionary(m => (m.Host.Tenant, m.Host.Key), m => m.To);
        var members = all.Values.Where(m => tenants?.Contains(m.Host.Tenant) != false).ToList();
        var before = members.CountBy(m => m.Ring).ToDictionary();
        var after = members.CountBy(m => to.GetValueOrDefault((m.Host.Tenant, m.Host.Key), m.Ring)).ToDictionary();
        var dry = new DryRunRule(state, state with { Rings = plan }, endpoints).Run(Hosts(members, to, plan), ChangeTargets.All, time.GetUtcNow(), (_, _) => [], _ => []);
        var moved = page.Of<MovedHost>([.. moves.Select(m => new MovedHost(m.Host.Tenant, m.Host.Key, m.Host.Name, m.From, m.To))]);
        var keys = members.Select(m => m.Host.Key).ToHashSet(StringComparer.Ordinal);
        return new(
            members.Count, moves.Count, [.. plan.Rings.Select(r => new RingCount(r.Id, r.Name, before.GetValueOrDefault(r.Id), after.GetValueOrDefault(r.Id)))],
            moves.CountBy(m => m.Host.Tenant).OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary(), dry.Blast.Hosts, dry.Blast.NotSteerable,
            dry.Blast.UsdPerHourBefore, dry.Blast.UsdPerHourAfter,
            tenants is not null ? [] : [.. plan.Pins.Keys.Concat(plan.Exclusions).Where(k => !keys.Contains(k)).Distinct().Order(StringComparer.Ordinal).Take(MostNotSeen)],
            moved.Items, moved.Next);
    }

    List<DryRunHost> Hosts(List<RingMember> members, Dictionary<(string, string), int> to, RingPlan plan)
    {
        var rows = new Dictionary<(string, string), HostRow>();
        foreach (var row in board.Fleet(SignalScope.Fleet).Current?.Rows ?? []) rows[(row.Tenant, row.HostKey)] = row;
        return
        [
            .. members.Select(m =>
            {
                var row = rows.GetValueOrDefault((m.Host.Tenant, m.Host.Key));
                return new DryRunHost(m.Host, m.Ring, to.GetValueOrDefault((m.Host.Tenant, m.Host.Key), m.Ring), plan.Exclusions.Contains(m.Host.Key),
                    agents.OfHost(m.Host.Tenant, m.Host.Key)?.IsSteered == true, row?.UsdPerHour, row?.ActiveSeries, row?.Coverage);
            }),
        ];
    }
}
