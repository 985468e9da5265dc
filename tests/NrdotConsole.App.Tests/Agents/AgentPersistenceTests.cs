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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_to_restart_that_was_not_delivered_is_given_by_the_next_process_once(bool webSocket)
    {
        var can = Told.Steered | AgentCapabilities.AcceptsRestartCommand;
        await _host.PostAsync(Told.First(_uid, can: can));
        await _host.TickAsync();
        await _host.Get<RestartOrders>().GiveAsync(_host.Directory.Entry(_uid)!, AgentHost.Deed);

        await using var again = await _host.StartAgainAsync();
        using var agent = webSocket ? await again.ConnectAsync() : null;
        async Task<AgentCommand?> Tell(ulong sequence) =>
            (agent is null ? await again.PostAsync(Beat(sequence)) : await agent.AskAsync(Beat(sequence))).Command;
        AgentToServer Beat(ulong sequence) => Told.Heartbeat(_uid, sequence) with { Capabilities = can };
        Assert.Equal(AgentCommand.Restart, await Tell(2));
        Assert.Null(await Tell(3));

        await using var third = await again.StartAgainAsync();
        for (ulong sequence = 4; sequence < 7; sequence++) Assert.Null((await third.PostAsync(Beat(sequence))).Command);
    }

    [Fact]
    public async Task An_order_that_was_delivered_by_one_process_is_not_given_by_another_that_knew_of_it()
    {
        var can = Told.Steered | AgentCapabilities.AcceptsRestartCommand;
        await _host.PostAsync(Told.First(_uid, can: can));
        await _host.TickAsync();
        await _host.Get<RestartOrders>().GiveAsync(_host.Directory.Entry(_uid)!, AgentHost.Deed);
        await using var again = await _host.StartAgainAsync();
        Assert.Equal(AgentCommand.Restart, (await _host.PostAsync(Told.Heartbeat(_uid, 2) with { Capabilities = can })).Command);
        for (ulong sequence = 3; sequence < 6; sequence++) Assert.Null((await again.PostAsync(Told.Heartbeat(_uid, sequence) with { Capabilities = can })).Command);
    }

    [Fact]
    public async Task An_order_that_nobody_was_there_to_hear_ends_and_the_audit_log_says_so()
    {
        var can = Told.Steered | AgentCapabilities.AcceptsRestartCommand;
        await _host.PostAsync(Told.First(_uid, can: can));
        await _host.TickAsync();
        await _host.Get<RestartOrders>().GiveAsync(_host.Directory.Entry(_uid)!, AgentHost.Deed);
        await using var again = await _host.StartAgainAsync();
        again.Time.Advance(RestartOrders.Lifetime + TimeSpan.FromSeconds(1));
        await again.TickAsync();
        Assert.Null((await again.PostAsync(Told.Heartbeat(_uid, 2) with { Capabilities = can })).Command);
        var row = Assert.Single((await again.Get<AuditLog>().ReadAsync(new(Action: "agent.restart_expired"), 0, 10)).Rows);
        Assert.Equal(($"agent:{_uid}", "console"), (row.Target, row.Actor));
        Assert.Contains("\"orderedBy\":\"ann\"", row.Before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wish_to_try_again_is_offered_by_the_next_process_and_counts_until_it_is_answered()
    {
        AgentConfigState State(AgentHost host) => AgentConfigStates.Of(host.Directory.Find(_uid.ToString())!, host.Time.GetUtcNow());
        var config = AgentHost.Config("a: 1\n");
        await _host.PostAsync(Told.First(_uid));
        await _host.Assignments.AssignAsync([_uid.ToString()], config, 3);
        var first = await _host.PostAsync(Told.Heartbeat(_uid, 2));
        await _host.PostAsync(Told.Status(_uid, 3, first, RemoteConfigStatuses.Failed, "port in use"));
        await _host.TickAsync();
        await _host.Assignments.TryAgainAsync(_uid.ToString(), config, AgentHost.Deed);

        await using var again = await _host.StartAgainAsync();
        Assert.Equal(AgentConfigState.Pending, State(again));
        var second = await again.PostAsync(Told.Heartbeat(_uid, 4));
        Assert.Equal("a: 1\n", Told.Yaml(second.RemoteConfig!));
        Assert.NotEqual(first.RemoteConfig!.Hash.ToArray(), second.RemoteConfig!.Hash.ToArray());
        await again.PostAsync(Told.Status(_uid, 5, second, RemoteConfigStatuses.Failed, "port in use, still"));
        await again.TickAsync();

        await using var third = await again.StartAgainAsync();
        Assert.Equal((AgentConfigState.Failed, "port in use, still"), (State(third), third.Directory.Find(_uid.ToString())!.Error));
        third.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await third.PostAsync(Told.Heartbeat(_uid, 6))).RemoteConfig);
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
