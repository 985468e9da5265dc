using NrdotConsole.App.Platform.Rings;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Tests.Rings;

public sealed class RingAssignmentsTests : IDisposable
{
    static readonly RingPlan s_plan = RingPlan.Default;

    readonly TempDirectory _directory = new();
    readonly FakeTimeProvider _time = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    readonly ConsoleDatabase _database;

    public RingAssignmentsTests() => _database = _directory.OpenDatabase(_time);

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    static HostIdentity[] Hosts(int count) => [.. Enumerable.Range(0, count).Select(i => new HostIdentity("production", $"i-{i:x}", $"host-{i}", "linux"))];

    async Task<RingAssignments> OpenAsync()
    {
        var assignments = new RingAssignments(new(_database), _time);
        await assignments.LoadAsync();
        return assignments;
    }

    [Fact]
    public async Task A_host_gets_a_ring_at_first_sight_and_keeps_it_over_a_restart()
    {
        var assignments = await OpenAsync();
        await assignments.SeeAsync(s_plan, Hosts(100));
        var rings = assignments.Members.ToDictionary(m => m.Key, m => m.Value.Ring);
        Assert.Equal([40, 20, 20, 15, 5], s_plan.Rings.Select(r => rings.Values.Count(v => v == r.Id)));

        await (await OpenAsync()).SeeAsync(s_plan, Hosts(200));
        var again = await OpenAsync();
        Assert.Equal(200, again.Members.Count);
        Assert.All(rings, r => Assert.Equal(r.Value, again.RingOf(r.Key.Tenant, r.Key.Key)));
    }

    [Fact]
    public async Task A_changed_plan_moves_nobody_until_it_is_applied_and_then_whom_its_preview_named()
    {
        var assignments = await OpenAsync();
        await assignments.SeeAsync(s_plan, Hosts(100));
        var wider = s_plan with { Rings = [.. s_plan.Rings.Select(r => r with { Share = r.Id switch { 0 => 0.30m, 4 => 0.15m, _ => r.Share } })] };
        await assignments.SeeAsync(wider, Hosts(100));
        Assert.Equal(5, assignments.Members.Values.Count(m => m.Ring == 4));

        var moves = assignments.Preview(wider);
        Assert.Equal(10, moves.Count);
        Assert.All(moves, m => Assert.Equal((0, 4), (m.From, m.To)));
        _time.Advance(TimeSpan.FromMinutes(5));
        await assignments.MoveAsync(moves);
        await assignments.MoveAsync(moves);
        Assert.Equal(15, (await OpenAsync()).Members.Values.Count(m => m.Ring == 4));
        Assert.Empty(assignments.Preview(wider));
        Assert.Equal(10, assignments.Members.Values.Count(m => m.Since == _time.GetUtcNow()));
    }

    [Fact]
    public async Task A_host_unseen_for_a_month_leaves_its_ring()
    {
        var assignments = await OpenAsync();
        await assignments.SeeAsync(s_plan, Hosts(10));
        for (var day = 0; day < 31; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await assignments.SeeAsync(s_plan, Hosts(9));
        }
        Assert.Equal(9, (await OpenAsync()).Members.Count);
        Assert.Null(assignments.RingOf("production", "i-9"));
    }

    [Fact]
    public async Task Seeing_the_same_hosts_again_writes_nothing()
    {
        var assignments = await OpenAsync();
        await assignments.SeeAsync(s_plan, Hosts(10));
        var changes = 0;
        assignments.Changed += () => changes++;
        await assignments.SeeAsync(s_plan, Hosts(10));
        Assert.Equal(0, changes);
    }
}
