using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>What a restart keeps. The first console is left as a kill would leave it: nothing is written at its end.</summary>
public sealed class AgentPersistenceTests : IAsyncLifetime
{
    readonly Guid _uid = Guid.CreateVersion7();
    AgentHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await AgentHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Agents_their_last_word_and_what_they_shall_run_survive()
    {
        await _host.PostAsync(Told.First(_uid) with { Health = new(false) { LastError = "queue full" } });
        var config = AgentHost.Config("receivers: {}\n");
        await _host.Assignments.AssignAsync([_uid.ToString()], config, 3);
        var offer = await _host.PostAsync(Told.Heartbeat(_uid, 2));
        await _host.PostAsync(Told.Status(_uid, 3, offer, RemoteConfigStatuses.Failed, "port taken"));
        await _host.TickAsync();
        var before = _host.Directory.Find(_uid.ToString())!;
        await using var again = await _host.StartAgainAsync();
        var agent = again.Directory.Find(_uid.ToString())!;
        Assert.Equal(before with { Connected = false }, agent);
        Assert.Equal((config.Hash, 3L, "port taken", "queue full"), (agent.AssignedHash, agent.ChangeId, agent.Error, agent.HealthError));
        Assert.Equal(config, again.Assignments.Of(agent.InstanceUid));
        Assert.Equal("receivers: {}", again.Get<ConfigBodies>().Find(agent.EffectiveHash!));
        Assert.Equal(agent, again.Directory.OfHost("default", "id-of-web-1"));
        // Its numbers go on where they stood: nothing was missed.
        Assert.Equal(ServerToAgentFlags.None, (await again.PostAsync(Told.Heartbeat(_uid, 4))).Flags);
    }

    [Fact]
    public async Task What_was_assigned_is_offered_by_the_next_process_though_the_first_never_could()
    {
        await _host.PostAsync(Told.First(_uid));
        await _host.TickAsync();
        var config = AgentHost.Config("a: 1\n");
        await _host.Assignments.AssignAsync([_uid.ToString()], config, null);
        await using var again = await _host.StartAgainAsync();
        using var agent = await again.ConnectAsync();
        Assert.Equal(config.Yaml, Told.Yaml((await agent.AskAsync(Told.First(_uid))).RemoteConfig!));
    }

    [Fact]
    public async Task A_secret_that_was_offered_opens_the_agent_after_a_restart()
    {
        var can = Told.Steered | AgentCapabilities.AcceptsOpAmpConnectionSettings;
        await _host.PostAsync(Told.First(_uid, can: can));
        await _host.TickAsync();
        var offer = (await _host.PostAsync(Told.Heartbeat(_uid, 2) with { Capabilities = can })).ConnectionSettings!;
        await using var again = await _host.StartAgainAsync();
        using var agent = await again.ConnectAsync(offer.OpAmp!.Headers.Single().Value["Bearer ".Length..]);
        Assert.Null((await agent.AskAsync(Told.First(_uid, can: can))).Error);
    }

    [Fact]
    public async Task A_removed_agent_is_gone_and_enrols_anew()
    {
        await _host.PostAsync(Told.First(_uid));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config("a: 1\n"), null);
        await _host.TickAsync();
        Assert.True(await _host.Get<AgentStore>().RemoveAsync(new("ann", ActorKind.User), _uid.ToString(), "host is gone"));
        Assert.Empty(_host.Directory.All);
        await using var again = await _host.StartAgainAsync();
        Assert.Empty(again.Directory.All);
        await again.PostAsync(Told.First(_uid));
        Assert.Null(again.Directory.Find(_uid.ToString())!.AssignedHash);
    }

    [Fact]
    public async Task When_agents_were_heard_is_written_apart()
    {
        await _host.PostAsync(Told.First(_uid));
        await _host.TickAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(61));
        await _host.PostAsync(Told.Heartbeat(_uid, 2));
        await _host.Get<AgentStore>().SaveLastSeenAsync();
        await using var again = await _host.StartAgainAsync();
        Assert.Equal(_host.Time.GetUtcNow(), again.Directory.Find(_uid.ToString())!.LastSeen);
    }
}
