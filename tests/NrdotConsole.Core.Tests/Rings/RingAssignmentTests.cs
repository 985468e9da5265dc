using FsCheck.Xunit;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.Core.Tests.Rings;

public sealed class RingAssignmentTests
{
    static readonly RingPlan s_plan = RingPlan.Default;

    static HostIdentity[] Hosts(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(i => new HostIdentity($"tenant-{i % 3}", $"i-{i:x6}", $"host-{i}"))];

    static int[] Nowhere(int count) => [.. Enumerable.Repeat(RingAssignment.None, count)];

    static int[] Fresh(RingPlan plan, HostIdentity[] hosts) => RingAssignment.Rebalance(plan, hosts, Nowhere(hosts.Length));

    /// <summary>Shares in hundredths that add up to one, and some pins and exclusions among the first hosts.</summary>
    static RingPlan Plan(Random random, HostIdentity[] hosts)
    {
        var cuts = Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.Next(0, 101)).Append(0).Append(100).Order().ToList();
        var rings = Enumerable.Range(0, cuts.Count - 1).Select(i => new Ring(i, $"ring {i}", (cuts[i + 1] - cuts[i]) / 100m, RingRole.Treatment)).ToList();
        var pins = hosts.Where(_ => random.Next(20) == 0).ToDictionary(h => h.Key, _ => random.Next(rings.Count));
        var excluded = hosts.Where(_ => random.Next(20) == 0).Select(h => h.Key).ToHashSet();
        return new("salt", rings, [.. rings.Select(r => r.Id)], pins, excluded);
    }

    /// <summary>The guide's own code truncates: 10 hosts at 40/20/20/15/5 leave one without a ring, and ring 4 empty at 7.</summary>
    [Theory]
    [InlineData(10, new[] { 4, 2, 2, 2, 0 })]
    [InlineData(7, new[] { 3, 2, 1, 1, 0 })]
    [InlineData(100, new[] { 40, 20, 20, 15, 5 })]
    [InlineData(0, new[] { 0, 0, 0, 0, 0 })]
    public void Shares_are_apportioned_by_largest_remainder(int hosts, int[] expected) =>
        Assert.Equal(expected, RingShares.Apportion(s_plan.Rings, hosts));

    [Property(MaxTest = 200)]
    public void Every_host_has_one_ring_and_shares_are_exact(int seed)
    {
        var random = new Random(seed);
        var hosts = Hosts(random.Next(0, 400));
        var plan = Plan(random, hosts);
        var current = hosts.Select(_ => random.Next(-1, plan.Rings.Count + 1)).ToArray();
        var after = RingAssignment.Rebalance(plan, hosts, current);

        Assert.All(after, ring => Assert.NotNull(plan.Find(ring)));
        var free = Enumerable.Range(0, hosts.Length).Where(i => !plan.Pins.ContainsKey(hosts[i].Key) && !(plan.Exclusions.Contains(hosts[i].Key) && plan.Find(current[i]) is not null)).ToList();
        var counts = plan.Rings.Select(r => free.Count(i => after[i] == r.Id)).ToArray();
        Assert.Equal(RingShares.Apportion(plan.Rings, free.Count), counts);
        foreach (var (i, host) in hosts.Index().Where(h => plan.Pins.ContainsKey(h.Item.Key))) Assert.Equal(plan.Pins[host.Key], after[i]);
    }

    [Property(MaxTest = 200)]
    public void The_order_of_hosts_does_not_matter(int seed)
    {
        var random = new Random(seed);
        var hosts = Hosts(random.Next(1, 300));
        var plan = Plan(random, hosts);
        var rings = Fresh(plan, hosts).Select((ring, i) => (hosts[i].Key, ring)).ToDictionary();
        var shuffled = hosts.ToArray();
        random.Shuffle(shuffled);
        Assert.Equal(rings, Fresh(plan, shuffled).Select((ring, i) => (shuffled[i].Key, ring)).ToDictionary());
    }

    [Property(MaxTest = 200)]
    public void A_changed_share_moves_no_more_hosts_than_it_must(int seed)
    {
        var random = new Random(seed);
        var hosts = Hosts(random.Next(1, 300));
        var before = Fresh(s_plan, hosts);
        var plan = Plan(random, []);
        var after = RingAssignment.Rebalance(plan, hosts, before);
        var targets = RingShares.Apportion(plan.Rings, hosts.Length);
        var must = before.Where(b => plan.Find(b) is null).Count() + plan.Rings.Select((r, i) => Math.Max(0, before.Count(b => b == r.Id) - targets[i])).Sum();
        Assert.Equal(must, RingAssignment.Moves(hosts, before, after).Count);
    }

    [Property(MaxTest = 20)]
    public void A_new_host_moves_nobody_and_shares_stay_within_reach(int seed)
    {
        var random = new Random(seed);
        var hosts = Hosts(random.Next(1, 40));
        var rings = Fresh(s_plan, hosts);
        foreach (var host in Hosts(200, hosts.Length))
        {
            HostIdentity[] more = [.. hosts, host];
            var after = RingAssignment.Place(s_plan, more, [.. rings, RingAssignment.None]);
            Assert.Equal(rings, after[..^1]);
            (hosts, rings) = (more, after);
        }
        foreach (var ring in s_plan.Rings) Assert.InRange(rings.Count(r => r == ring.Id), (double)ring.Share * hosts.Length - 2, (double)ring.Share * hosts.Length + 2);
    }

    [Fact]
    public void Rebalancing_what_is_balanced_moves_nobody()
    {
        var hosts = Hosts(1000);
        var rings = Fresh(s_plan, hosts);
        Assert.Empty(RingAssignment.Moves(hosts, rings, RingAssignment.Rebalance(s_plan, hosts, rings)));
    }

    [Fact]
    public void An_excluded_host_stays_when_shares_change()
    {
        var hosts = Hosts(100);
        var before = Fresh(s_plan, hosts);
        var excluded = hosts.Where((_, i) => before[i] == 0).Select(h => h.Key).ToHashSet();
        var emptied = s_plan with { Rings = [.. s_plan.Rings.Select(r => r with { Share = r.Id == 4 ? 1 : 0 })], Exclusions = excluded };
        var after = RingAssignment.Rebalance(emptied, hosts, before);
        Assert.All(Enumerable.Range(0, hosts.Length), i => Assert.Equal(excluded.Contains(hosts[i].Key) ? 0 : 4, after[i]));
    }

    [Fact]
    public void Another_salt_is_another_draw()
    {
        var hosts = Hosts(1000);
        Assert.NotEqual(Fresh(s_plan, hosts), Fresh(s_plan with { Salt = "other" }, hosts));
    }
}
