using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.Core.Rings;

/// <summary>A host that would change its ring; <paramref name="From"/> is null for one that has none yet.</summary>
public sealed record RingMove(HostIdentity Host, int? From, int To);

/// <summary>
/// Puts hosts into rings. The same plan and hosts give the same answer in whatever order they are named: a host's place comes from a
/// hash of the plan's salt, its tenant and its key. Every host gets exactly one ring. A host that has one keeps it unless the plan
/// says otherwise.
/// </summary>
public static class RingAssignment
{
    /// <summary>No ring yet.</summary>
    public const int None = -1;

    /// <summary>
    /// Exact shares (<see cref="RingShares"/>) with the fewest moves: only what a ring has too many leaves it. Pinned hosts stand where
    /// they are pinned, excluded ones stay where they are; shares are of the others.
    /// </summary>
    /// <param name="current">The ring of each host now, <see cref="None"/> for none. A ring that the plan lacks counts as none.</param>
    /// <returns>The ring of each host, in the order of <paramref name="hosts"/>.</returns>
    public static int[] Rebalance(RingPlan plan, IReadOnlyList<HostIdentity> hosts, IReadOnlyList<int> current) => Assign(plan, hosts, current, moveSurplus: true);

    /// <summary>Gives a ring to hosts that have none, the emptiest rings first; nobody else moves but to a pin. Hosts that come and go leave shares inexact until a <see cref="Rebalance"/>.</summary>
    public static int[] Place(RingPlan plan, IReadOnlyList<HostIdentity> hosts, IReadOnlyList<int> current) => Assign(plan, hosts, current, moveSurplus: false);

    /// <summary>What differs between two assignments of the same hosts.</summary>
    public static IReadOnlyList<RingMove> Moves(IReadOnlyList<HostIdentity> hosts, IReadOnlyList<int> before, IReadOnlyList<int> after)
    {
        var moves = new List<RingMove>();
        for (var i = 0; i < hosts.Count; i++)
        {
            if (before[i] != after[i]) moves.Add(new(hosts[i], before[i] == None ? null : before[i], after[i]));
        }
        return moves;
    }

    static int[] Assign(RingPlan plan, IReadOnlyList<HostIdentity> hosts, IReadOnlyList<int> current, bool moveSurplus)
    {
        var rings = plan.Rings;
        var indexOf = new Dictionary<int, int>(rings.Count);
        for (var i = 0; i < rings.Count; i++) indexOf[rings[i].Id] = i;

        var result = new int[hosts.Count];
        var members = rings.Select(_ => new List<int>()).ToArray();
        var homeless = new List<int>();
        for (var h = 0; h < hosts.Count; h++)
        {
            var host = hosts[h];
            var has = indexOf.TryGetValue(current[h], out var ring);
            if (plan.Pins.Count > 0 && plan.Pins.TryGetValue(host.Key, out var pin) && indexOf.ContainsKey(pin)) result[h] = pin;
            else if (has && plan.Exclusions.Count > 0 && plan.Exclusions.Contains(host.Key)) result[h] = current[h];
            else if (has)
            {
                members[ring].Add(h);
                result[h] = current[h];
            }
            else homeless.Add(h);
        }

        var targets = RingShares.Apportion(rings, homeless.Count + members.Sum(m => m.Count));
        var places = new ulong[hosts.Count];
        void Sort(List<int> some)
        {
            foreach (var h in some) places[h] = PlaceOf(plan.Salt, hosts[h]);
            some.Sort((a, b) => places[a].CompareTo(places[b]) is var order && order != 0 ? order : Tie(hosts[a], hosts[b]));
        }

        if (moveSurplus)
        {
            for (var r = 0; r < members.Length; r++)
            {
                if (members[r].Count <= targets[r]) continue;
                Sort(members[r]);
                homeless.AddRange(members[r][targets[r]..]);
                members[r].RemoveRange(targets[r], members[r].Count - targets[r]);
            }
        }
        Sort(homeless);
        var next = 0;
        foreach (var (ring, count) in Vacancies(targets, members, homeless.Count))
        {
            for (var i = 0; i < count; i++) result[homeless[next++]] = rings[ring].Id;
        }
        return result;
    }

    /// <summary>How many of the homeless each ring takes. Where more is vacant than there are homeless (rings over their target keep their hosts), the largest vacancies go first.</summary>
    static IEnumerable<(int Ring, int Count)> Vacancies(int[] targets, List<int>[] members, int homeless)
    {
        var vacant = new int[targets.Length];
        for (var r = 0; r < targets.Length; r++) vacant[r] = Math.Max(0, targets[r] - members[r].Count);
        for (var excess = vacant.Sum() - homeless; excess > 0; excess--)
        {
            // Takes from the ring that would still be the best served.
            var least = Enumerable.Range(0, vacant.Length).Where(r => vacant[r] > 0).MinBy(r => (double)vacant[r] / targets[r]);
            vacant[least]--;
        }
        for (var r = 0; r < vacant.Length; r++)
        {
            if (vacant[r] > 0) yield return (r, vacant[r]);
        }
    }

    /// <summary>Where a host stands on the line from which rings are cut.</summary>
    static ulong PlaceOf(string salt, in HostIdentity host) =>
        Hash64.Combine(Hash64.Of(salt), Hash64.Combine(Hash64.Of(host.Tenant), Hash64.Of(host.Key)));

    static int Tie(in HostIdentity a, in HostIdentity b) =>
        string.CompareOrdinal(a.Tenant, b.Tenant) is var byTenant && byTenant != 0 ? byTenant : string.CompareOrdinal(a.Key, b.Key);
}
