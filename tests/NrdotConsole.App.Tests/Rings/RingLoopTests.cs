using Microsoft.Extensions.Logging.Abstractions;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Rings;

public sealed class RingLoopTests
{
    [Fact]
    public async Task A_host_that_only_its_agent_knows_gets_a_ring_too_and_one_with_both_gets_one()
    {
        using var world = new ChangeWorld();
        var board = new SignalBoard(world.Time);
        board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, ChangeWorld.At, 1, new Dictionary<HostHealth, int>(),
            [new("prod", "h-1", "web-1", HostHealth.Healthy, "", "", "", "linux", ChangeWorld.At, 1, null, null, null, 0, null)]));
        Add(1, "h-1", "other-name", ChangeWorld.At);
        Add(2, "h-2", "web-2", ChangeWorld.At);
        Add(3, "h-3", "long-gone", ChangeWorld.At.AddDays(-3));
        Add(4, "", "says-no-key", ChangeWorld.At);
        using var loop = new RingLoop(world.Rings, world.States, board, world.Agents, world.Time, NullLogger<RingLoop>.Instance);
        await loop.LookAsync();
        Assert.Equal([("h-1", "web-1"), ("h-2", "web-2")], world.Rings.Members.Values.Select(m => (m.Host.Key, m.Host.Name)).Order());

        var writes = 0;
        world.Rings.Changed += () => writes++;
        await loop.LookAsync();
        Assert.Equal(0, writes);

        void Add(int number, string key, string name, DateTimeOffset seen)
        {
            var uid = new Guid(number, 0, 0, new byte[8]);
            world.Agents.Add(new(uid, new Agent(uid.ToString(), "prod", key, name) { Connected = true, LastSeen = seen }));
        }
    }
}
