using NrdotConsole.App.Features.Agents;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>A thousand agents at once, half of them polling, from nothing to one configuration and back from a restart.</summary>
public sealed class AgentFleetTests
{
    const int Count = 1000;

    [Fact]
    public async Task A_thousand_agents_come_in_apply_one_configuration_and_are_known_after_a_restart()
    {
        await using var host = await AgentHost.StartAsync();
        var uids = Enumerable.Range(0, Count).Select(_ => Guid.CreateVersion7()).ToList();
        var sockets = new Dictionary<Guid, AgentSocket>();
        foreach (var (uid, n) in uids.Select((u, n) => (u, n)))
        {
            if (n % 2 == 0)
            {
                await host.PostAsync(Told.First(uid, $"host-{n}"));
                continue;
            }
            var socket = sockets[uid] = await host.ConnectAsync();
            await socket.AskAsync(Told.First(uid, $"host-{n}"));
        }
        Assert.Equal(Count, host.Directory.All.Count(a => a.Connected));
        await host.TickAsync();

        var config = AgentHost.Config("receivers: {}\n");
        await host.Assignments.AssignAsync([.. uids.Select(u => u.ToString())], config, 1);
        foreach (var uid in uids)
        {
            var there = sockets.TryGetValue(uid, out var socket);
            var offer = there ? await socket!.ReceiveAsync() : await host.PostAsync(Told.Heartbeat(uid, 2));
            var applied = Told.Status(uid, there ? 2ul : 3, offer, RemoteConfigStatuses.Applied) with { EffectiveConfig = offer.RemoteConfig!.Config };
            _ = there ? await socket!.AskAsync(applied) : await host.PostAsync(applied);
        }
        Assert.All(host.Directory.All, a => Assert.Equal(AgentConfigState.ConfigApplied, AgentConfigStates.Of(a, host.Time.GetUtcNow())));
        await host.TickAsync();
        foreach (var socket in sockets.Values) socket.Dispose();

        await using var again = await host.StartAgainAsync();
        Assert.Equal(Count, again.Directory.All.Count(a => a is { ChangeId: 1, Status: RemoteConfigStatuses.Applied, DriftSince: null } && a.ReportedHash == config.Hash));
    }
}
