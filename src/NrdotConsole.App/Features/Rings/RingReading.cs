using NrdotConsole.App.Platform.Rings;
using System.Globalization;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Features.Rings;

/// <summary>
/// A ring with its hosts. <paramref name="Place"/> is its turn in a rollout, 1 the first. <paramref name="Target"/> is how many hosts it would hold
/// if the plan were applied to the hosts as they are; <paramref name="Pinned"/> and <paramref name="Excluded"/> hosts are among <paramref name="Hosts"/>.
/// </summary>
public sealed record RingRow(int Id, string Name, RingRole Role, int Place, decimal Share, string? Profile, int Hosts, int Target, int Pinned, int Excluded, RingSignals Signals);

/// <summary>All hosts whose rings have a role.</summary>
public sealed record RoleRow(RingRole Role, int Hosts, RingSignals Signals);

/// <summary>The plan of main with the hosts in it, rings in the order of a rollout. <paramref name="OffTarget"/> hosts stand in another ring than exact shares would put them.</summary>
public sealed record RingList(
    DateTimeOffset At, string Commit, string Salt, IReadOnlyList<int> Order, IReadOnlyList<RingRow> Rings, IReadOnlyList<RoleRow> Roles, int Hosts, int OffTarget,
    IReadOnlyDictionary<string, int> Pins, IReadOnlyList<string> Exclusions);

/// <summary>A host in its ring. <paramref name="Profile"/> is what main says; <paramref name="SaysRing"/> is the ring that its own telemetry names, where it is another.</summary>
public sealed record RingHost(
    string Tenant, string Key, string Name, string Os, int Ring, DateTimeOffset Since, bool IsPinned, bool IsExcluded, string Profile, string? SaysRing,
    HostHealth? Health, double? Coverage, decimal? UsdPerHour);

/// <summary>The rings as they are now: plan, hosts and what they measure. Viewers share a list for a moment.</summary>
internal sealed class RingReading(RingAssignments assignments, DesiredStates desired, SignalBoard board, TimeProvider time)
{
    static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(2);

    readonly Lock _lock = new();
    (RingPlan Plan, object Members, string? Tenants, RingList List)? _last;

    public RingPlan Plan => desired.Current.Rings;

    /// <param name="tenants">The tenants whose hosts count; null for all.</param>
    public RingList List(IReadOnlySet<string>? tenants)
    {
        var (state, members, now) = (desired.Current, assignments.Members, time.GetUtcNow());
        var key = tenants is null ? null : string.Join('\n', tenants.Order(StringComparer.Ordinal));
        lock (_lock)
        {
            if (_last is { } last && ReferenceEquals(last.Plan, state.Rings) && ReferenceEquals(last.Members, members) && last.Tenants == key && now - last.List.At < s_remembered) return last.List;
            var list = Read(state.Commit, state.Rings, [.. members.Values.Where(m => tenants?.Contains(m.Host.Tenant) != false)], tenants, now);
            _last = (state.Rings, members, key, list);
            return list;
        }
    }

    RingList Read(string commit, RingPlan plan, List<RingMember> members, IReadOnlySet<string>? tenants, DateTimeOffset now)
    {
        var rows = Rows();
        var moves = assignments.Preview(plan).Where(m => tenants?.Contains(m.Host.Tenant) != false).ToList();
        var (leaving, coming) = (moves.Where(m => m.From is not null).CountBy(m => m.From!.Value).ToDictionary(), moves.CountBy(m => m.To).ToDictionary());
        var byRing = members.ToLookup(m => m.Ring);
        var rings = plan.RolloutOrder.Select((id, i) =>
        {
            var (ring, own) = (plan.Find(id)!, byRing[id].ToList());
            return new RingRow(id, ring.Name, ring.Role, i + 1, ring.Share, ring.Profile, own.Count, own.Count - leaving.GetValueOrDefault(id) + coming.GetValueOrDefault(id),
                own.Count(m => plan.Pins.ContainsKey(m.Host.Key)), own.Count(m => plan.Exclusions.Contains(m.Host.Key)), RingSignals.Of(Measured(own, rows)));
        }).ToList();
        var roles = rings.GroupBy(r => r.Role).OrderBy(g => g.Key)
            .Select(g => new RoleRow(g.Key, g.Sum(r => r.Hosts), RingSignals.Of(g.SelectMany(r => Measured(byRing[r.Id], rows))))).ToList();
        var keys = tenants is null ? null : members.Select(m => m.Host.Key).ToHashSet(StringComparer.Ordinal);
        return new(now, commit, plan.Salt, plan.RolloutOrder, rings, roles, members.Count, moves.Count,
            plan.Pins.Where(p => keys?.Contains(p.Key) != false).OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary(),
            [.. plan.Exclusions.Where(k => keys?.Contains(k) != false).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Hosts by name.</summary>
    /// <param name="ring">Null for every ring.</param>
    /// <param name="find">Part of a name, key or tenant.</param>
    public IReadOnlyList<RingHost> Hosts(int? ring, IReadOnlySet<string>? tenants, string? find = null)
    {
        var (state, rows) = (desired.Current, Rows());
        var hosts = new List<RingHost>();
        foreach (var m in assignments.Members.Values)
        {
            if ((ring is { } only && m.Ring != only) || tenants?.Contains(m.Host.Tenant) == false || !Fits(m, find)) continue;
            var row = rows.GetValueOrDefault((m.Host.Tenant, m.Host.Key));
            hosts.Add(new(m.Host.Tenant, m.Host.Key, m.Host.Name, m.Host.Os, m.Ring, m.Since, state.Rings.Pins.ContainsKey(m.Host.Key), state.Rings.Exclusions.Contains(m.Host.Key),
                HostConfig.ProfileOf(state, m.Host, m.Ring).Name, row is { Ring.Length: > 0 } && row.Ring != m.Ring.ToString(CultureInfo.InvariantCulture) ? row.Ring : null,
                row?.Health, row?.Coverage, row?.UsdPerHour));
        }
        hosts.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name) is var byName && byName != 0 ? byName : string.CompareOrdinal(a.Tenant, b.Tenant) is var byTenant && byTenant != 0 ? byTenant : string.CompareOrdinal(a.Key, b.Key));
        return hosts;
    }

    Dictionary<(string, string), HostRow> Rows()
    {
        var rows = new Dictionary<(string, string), HostRow>();
        foreach (var row in board.Fleet(SignalScope.Fleet).Current?.Rows ?? []) rows[(row.Tenant, row.HostKey)] = row;
        return rows;
    }

    static IEnumerable<HostRow> Measured(IEnumerable<RingMember> members, Dictionary<(string, string), HostRow> rows) =>
        members.Select(m => rows.GetValueOrDefault((m.Host.Tenant, m.Host.Key))).OfType<HostRow>();

    static bool Fits(RingMember m, string? find) =>
        string.IsNullOrEmpty(find) || m.Host.Name.Contains(find, StringComparison.OrdinalIgnoreCase) || m.Host.Key.Contains(find, StringComparison.OrdinalIgnoreCase) || m.Host.Tenant.Contains(find, StringComparison.OrdinalIgnoreCase);
}
