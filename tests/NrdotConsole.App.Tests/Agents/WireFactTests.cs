using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Prometheus;
using NrdotConsole.App.Tests.Prometheus;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>What was seen on the wires of real clients, and what the specification asks of a server.</summary>
public sealed class WireFactTests : IAsyncLifetime
{
    readonly Guid _uid = Guid.CreateVersion7();
    AgentHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await AgentHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    Agent Agent => _host.Directory.Find(_uid.ToString())!;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_first_number_is_0_or_1_and_nothing_is_asked_again(int first)
    {
        using var agent = await _host.ConnectAsync();
        var reply = await agent.AskAsync(Told.First(_uid, sequence: (ulong)first));
        Assert.Equal((_uid, ServerToAgentFlags.None, OpAmpServer.Capabilities), (reply.InstanceUid, reply.Flags, reply.Capabilities));
        Assert.Equal(ServerToAgentFlags.None, (await agent.AskAsync(Told.Heartbeat(_uid, (ulong)first + 1))).Flags);
        Assert.Equal(("default", "id-of-web-1", "web-1", "nrdot-collector", "2.3.0", true), (Agent.Tenant, Agent.HostKey, Agent.HostName, Agent.Type, Agent.Version, Agent.Connected));
    }

    [Fact]
    public async Task A_client_that_counts_nothing_is_not_asked_each_time()
    {
        await _host.PostAsync(Told.First(_uid, sequence: 0));
        Assert.Equal(ServerToAgentFlags.None, (await _host.PostAsync(Told.Heartbeat(_uid, 0))).Flags);
    }

    [Fact]
    public async Task A_gap_in_the_numbers_asks_for_everything()
    {
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid));
        Assert.Equal(ServerToAgentFlags.ReportFullState, (await agent.AskAsync(Told.Heartbeat(_uid, 3))).Flags);
        Assert.Equal(ServerToAgentFlags.None, (await agent.AskAsync(Told.First(_uid, sequence: 4))).Flags);
    }

    [Fact]
    public async Task An_unknown_agent_that_leaves_things_out_is_asked_for_everything()
    {
        Assert.Equal(ServerToAgentFlags.ReportFullState, (await _host.PostAsync(Told.Heartbeat(_uid, 17))).Flags);
        Assert.Equal(ServerToAgentFlags.None, (await _host.PostAsync(Told.First(_uid, sequence: 18))).Flags);
    }

    [Fact]
    public async Task What_is_left_out_is_unchanged()
    {
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid));
        await agent.AskAsync(new(_uid) { SequenceNum = 2, Health = new(false) { LastError = "exporter is down" } });
        Assert.Equal((false, "exporter is down", "2.3.0", Told.Steered), (Agent.Healthy, Agent.HealthError, Agent.Version, Agent.Capabilities));
    }

    [Fact]
    public async Task A_configuration_is_offered_at_once_and_until_it_is_answered()
    {
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid));
        var config = AgentHost.Config("receivers: {otlp: }\n");
        await _host.Assignments.AssignAsync([_uid.ToString()], config, 7);
        var offer = await agent.ReceiveAsync();
        Assert.Equal((config.Yaml, config.Hash), (Told.Yaml(offer.RemoteConfig!), Convert.ToHexStringLower(offer.RemoteConfig!.Hash.Span)));
        // opamp-go's example supervisor takes a file by the empty name, and ends itself where there is none.
        Assert.Equal([""], offer.RemoteConfig.Config.Files.Keys);
        Assert.Null((await agent.AskAsync(Told.Heartbeat(_uid, 2))).RemoteConfig);
        _host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.NotNull((await agent.AskAsync(Told.Heartbeat(_uid, 3))).RemoteConfig);
        Assert.Equal(AgentConfigState.Pending, AgentConfigStates.Of(Agent, _host.Time.GetUtcNow()));

        await agent.AskAsync(Told.Status(_uid, 4, offer, RemoteConfigStatuses.Applying));
        Assert.Equal(AgentConfigState.Applying, AgentConfigStates.Of(Agent, _host.Time.GetUtcNow()));
        _host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null((await agent.AskAsync(Told.Status(_uid, 5, offer, RemoteConfigStatuses.Applied))).RemoteConfig);
        Assert.Equal(AgentConfigState.ConfigApplied, AgentConfigStates.Of(Agent, _host.Time.GetUtcNow()));
        Assert.Equal(7, Agent.ChangeId);
    }

    [Fact]
    public async Task What_an_agent_could_not_apply_is_not_offered_again_and_says_why()
    {
        await _host.PostAsync(Told.First(_uid));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config("a: 1\n"), null);
        var offer = await _host.PostAsync(Told.Heartbeat(_uid, 2));
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await _host.PostAsync(Told.Status(_uid, 3, offer, RemoteConfigStatuses.Failed, "no such receiver"))).RemoteConfig);
        Assert.Equal((AgentConfigState.Failed, "no such receiver"), (AgentConfigStates.Of(Agent, _host.Time.GetUtcNow()), Agent.Error));
    }

    [Fact]
    public async Task What_failed_is_tried_once_more_for_each_time_that_a_person_says_so()
    {
        AgentConfigState State() => AgentConfigStates.Of(Agent, _host.Time.GetUtcNow());
        await _host.PostAsync(Told.First(_uid));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config("a: 1\n"), null);
        var first = await _host.PostAsync(Told.Heartbeat(_uid, 2));
        await _host.PostAsync(Told.Status(_uid, 3, first, RemoteConfigStatuses.Failed, "port in use"));
        await _host.Assignments.TryAgainAsync(_uid.ToString(), AgentHost.Config("a: 1\n"), AgentHost.Deed);
        Assert.Equal((AgentConfigState.Pending, null), (State(), Agent.Error));

        // An agent passes over a hash that it has dealt with: the further try has another one. What it says of the first try counts no more.
        var second = await _host.PostAsync(Told.Status(_uid, 4, first, RemoteConfigStatuses.Failed, "port in use"));
        Assert.Equal((AgentConfigState.Pending, "a: 1\n"), (State(), Told.Yaml(second.RemoteConfig!)));
        Assert.Equal([.. first.RemoteConfig!.Hash.Span, .. second.RemoteConfig!.Hash.Span[^4..]], second.RemoteConfig.Hash.ToArray());
        await _host.PostAsync(Told.Status(_uid, 5, second, RemoteConfigStatuses.Failed, "port in use, still"));
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await _host.PostAsync(Told.Heartbeat(_uid, 6))).RemoteConfig);
        Assert.Equal((AgentConfigState.Failed, "port in use, still"), (State(), Agent.Error));

        await _host.Assignments.TryAgainAsync(_uid.ToString(), AgentHost.Config("a: 1\n"), AgentHost.Deed);
        var third = await _host.PostAsync(Told.Heartbeat(_uid, 7));
        Assert.NotEqual(second.RemoteConfig.Hash.ToArray(), third.RemoteConfig!.Hash.ToArray());
        await _host.PostAsync(Told.Status(_uid, 8, third, RemoteConfigStatuses.Applied));
        Assert.Equal((AgentConfigState.ConfigApplied, AgentHost.Config("a: 1\n").Hash), (State(), Agent.ReportedHash));
    }

    [Fact]
    public async Task An_agent_that_takes_no_configuration_is_offered_none()
    {
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid, can: AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsEffectiveConfig));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config("a: 1\n"), null);
        Assert.Null((await agent.AskAsync(new(_uid) { SequenceNum = 2 })).RemoteConfig);
        Assert.Equal(AgentConfigState.NotSteered, AgentConfigStates.Of(Agent, _host.Time.GetUtcNow()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task An_empty_configuration_is_never_assigned(string yaml)
    {
        await _host.PostAsync(Told.First(_uid));
        await Assert.ThrowsAsync<ArgumentException>(() => _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config(yaml), null));
        Assert.Null((await _host.PostAsync(Told.Heartbeat(_uid, 2))).RemoteConfig);
    }

    [Fact]
    public async Task A_second_agent_of_one_identifier_gets_another()
    {
        using var first = await _host.ConnectAsync();
        using var second = await _host.ConnectAsync();
        await first.AskAsync(Told.First(_uid));
        var given = (await second.AskAsync(Told.First(_uid, "clone"))).NewInstanceUid!.Value;
        Assert.NotEqual(_uid, given);
        Assert.Equal(given, (await second.AskAsync(Told.Heartbeat(_uid, 2))).NewInstanceUid);
        Assert.Null((await second.AskAsync(Told.First(given, "clone", 3))).NewInstanceUid);
        Assert.Equal(("web-1", "clone"), (Agent.HostName, _host.Directory.Find(given.ToString())!.HostName));
        Assert.Equal(ServerToAgentFlags.None, (await first.AskAsync(Told.Heartbeat(_uid, 2))).Flags);
    }

    [Fact]
    public async Task An_agent_that_comes_back_before_its_old_connection_is_known_to_be_dead_keeps_its_identifier()
    {
        using var dead = await _host.ConnectAsync();
        await dead.AskAsync(Told.First(_uid));
        _host.Time.Advance(TimeSpan.FromSeconds(40));
        using var again = await _host.ConnectAsync();
        var reply = await again.AskAsync(Told.Heartbeat(_uid, 3));
        Assert.Equal((null, ServerToAgentFlags.ReportFullState), (reply.NewInstanceUid, reply.Flags));
        Assert.Null(await dead.ReceiveFrameAsync());
        Assert.True(Agent.Connected);
    }

    [Fact]
    public async Task Two_that_poll_by_one_identifier_are_told_apart()
    {
        foreach (var number in new ulong[] { 1, 2, 3 }) await _host.PostAsync(Told.First(_uid, sequence: number));
        Assert.Null((await _host.PostAsync(Told.First(_uid, "clone"))).NewInstanceUid);
        Assert.NotNull((await _host.PostAsync(Told.Heartbeat(_uid, 4))).NewInstanceUid);
    }

    [Fact]
    public async Task An_agent_without_an_identifier_is_given_one()
    {
        using var agent = await _host.ConnectAsync();
        var given = (await agent.AskAsync(Told.First(_uid) with { Flags = AgentToServerFlags.RequestInstanceUid })).NewInstanceUid!.Value;
        Assert.Equal(7, given.Version);
        await agent.AskAsync(Told.First(given, sequence: 2));
        Assert.Equal([given.ToString()], _host.Directory.All.Select(a => a.InstanceUid));
    }

    [Fact]
    public async Task A_graceful_goodbye_is_known_at_once()
    {
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid));
        await agent.LeaveAsync(_uid, 2);
        Assert.False(Agent.Connected);
        await _host.PostAsync(Told.First(_uid));
        Assert.True(Agent.Connected);
        await _host.PostAsync(Told.Heartbeat(_uid, 2) with { Disconnect = true });
        Assert.False(Agent.Connected);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_noticed()
    {
        using (var agent = await _host.ConnectAsync())
        {
            await agent.AskAsync(Told.First(_uid));
            agent.Socket.Abort();
        }
        await _host.UntilAsync(_uid, a => !a.Connected);
    }

    [Fact]
    public async Task An_agent_that_polls_is_there_for_three_intervals()
    {
        await _host.PostAsync(Told.First(_uid));
        _host.Time.Advance(TimeSpan.FromSeconds(89));
        await _host.TickAsync();
        Assert.True(Agent.Connected);
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        await _host.TickAsync();
        Assert.False(Agent.Connected);
    }

    [Theory]
    [InlineData(30, 3)]
    [InlineData(1, 1)]
    public async Task A_client_that_polls_at_a_pace_of_its_own_is_missed_by_that_pace(int everySeconds, int missedAfterPolls)
    {
        await using var host = await AgentHost.StartAsync(("OpAmp:HeartbeatSeconds", "1"));
        bool IsThere() => host.Directory.Find(_uid.ToString())!.Connected;
        await host.PostAsync(Told.First(_uid));
        // It tells what became of an offer at once, whatever its pace.
        await host.PostAsync(Told.Heartbeat(_uid, 2) with { Health = new(true) });
        for (ulong number = 3; number < 6; number++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(everySeconds));
            await host.TickAsync();
            Assert.True(IsThere());
            await host.PostAsync(Told.Heartbeat(_uid, number));
        }
        host.Time.Advance(TimeSpan.FromSeconds((3 * everySeconds) + missedAfterPolls));
        await host.TickAsync();
        Assert.False(IsThere());
    }

    /// <summary>As they came: the Python client numbers its first message 0; opamp-go's example agent sends empty statuses and speaks of a custom capability (its certificate request is left out here).</summary>
    [Theory]
    [InlineData("py-1", "py-app",
        "0a1001a2082c2d0776f0af0304abd8c2a3331a2f0a180a0c736572766963652e6e616d6512080a0670792d61707012130a09686f73742e6e616d6512060a0470792d31208760",
        "0a1001a2082c2d0776f0af0304abd8c2a3331001208760")]
    [InlineData("vm", "io.opentelemetry.collector",
        "0a1001a2082c01c7718da3370f28cc58fe391a710a2c0a0c736572766963652e6e616d65121c0a1a696f2e6f70656e74656c656d657472792e636f6c6c6563746f720a1a0a0f736572766963652e76657273696f6e12070a05"
        + "312e302e3012120a076f732e7479706512070a056c696e757812110a09686f73742e6e616d6512040a02766d20c7a2023a00420062200a1e696f2e6f70656e74656c656d657472792e637573746f6d2e6865616c7468",
        "0a1001a2082c01c7718da3370f28cc58fe39100120c7a202")]
    public async Task Recorded_clients_are_known_and_steered_without_a_question(string host, string type, string first, string heartbeat)
    {
        async Task<ServerToAgent> SayAsync(string hex)
        {
            using var answer = await _host.SendAsync(Convert.FromHexString(hex), chunked: true);
            return OpAmpCodec.ReadServerToAgent(await answer.Content.ReadAsByteArrayAsync(), out _)!;
        }
        Assert.Equal(ServerToAgentFlags.None, (await SayAsync(first)).Flags);
        var agent = Assert.Single(_host.Directory.All);
        Assert.Equal((host, type, true), (agent.HostKey, agent.Type, agent.IsSteered));
        await _host.Assignments.AssignAsync([agent.InstanceUid], AgentHost.Config("a: 1\n"), null);
        var reply = await SayAsync(heartbeat);
        Assert.Equal((ServerToAgentFlags.None, "a: 1\n"), (reply.Flags, Told.Yaml(reply.RemoteConfig!)));
    }

    [Fact]
    public async Task What_the_server_counts_is_scraped()
    {
        await _host.PostAsync(Told.First(_uid));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config("a: 1\n"), null);
        await _host.PostAsync(Told.Heartbeat(_uid, 2));
        using (await _host.SendAsync([0xFF])) { }
        using (await _host.SendAsync([], token: "nre_somebody-elses-token")) { }
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(Guid.CreateVersion7(), "web-2", can: AgentCapabilities.ReportsStatus));
        var text = new PrometheusText();
        _host.Get<MetricSource>().Write(text);
        var lines = text.ToString().Split('\n');
        Assert.Superset(new HashSet<string>
        {
            """nrdot_agents{tenant="default",state="not_steered"} 1""", """nrdot_agents{tenant="default",state="pending"} 1""",
            """nrdot_agents_connected{tenant="default",transport="web_socket"} 1""", """nrdot_agents_connected{tenant="default",transport="http"} 1""",
            "nrdot_console_opamp_connections 1", "nrdot_console_opamp_messages_total 3", "nrdot_console_opamp_config_offers_total 1",
            """nrdot_console_opamp_refusals_total{reason="malformed"} 1""", """nrdot_console_opamp_refusals_total{reason="unauthenticated"} 1""",
        }, lines.ToHashSet());
        Assert.DoesNotContain(lines, l => l.StartsWith("nrdot_console_opamp_bytes_total", StringComparison.Ordinal) && l.EndsWith(" 0", StringComparison.Ordinal));
        Promtool.Accepts(text.ToString());
    }

    [Fact]
    public async Task Bodies_come_chunked_and_compressed_and_answers_are_compressed_for_who_takes_it()
    {
        using var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionMode.Compress, leaveOpen: true)) gzip.Write(OpAmpCodec.Write(Told.First(_uid), webSocket: false));
        using var answer = await _host.SendAsync(small.ToArray(), chunked: true, coding: "gzip");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config(new string('#', 5000)), null);
        _host.Http.DefaultRequestHeaders.AcceptEncoding.Add(new("gzip"));
        using var packed = await _host.SendAsync(OpAmpCodec.Write(Told.Heartbeat(_uid, 2), webSocket: false));
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        await using var plain = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes);
        Assert.Equal(5000, Told.Yaml(OpAmpCodec.ReadServerToAgent(bytes.ToArray(), out _)!.RemoteConfig!).Length);
    }

    [Fact]
    public async Task WebSockets_may_compress()
    {
        using var agent = await _host.ConnectAsync(compressed: true);
        await agent.AskAsync(Told.First(_uid));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config(new string('#', 50_000)), null);
        Assert.Equal(50_000, Told.Yaml((await agent.ReceiveAsync()).RemoteConfig!).Length);
    }

    [Fact]
    public async Task Messages_from_before_the_header_are_read()
    {
        using var agent = await _host.ConnectAsync();
        await agent.SendAsync(OpAmpCodec.Write(Told.First(_uid), webSocket: false));
        Assert.Equal(_uid, (await agent.ReceiveAsync()).InstanceUid);
    }

    [Fact]
    public async Task Damaged_bytes_are_told_and_the_connection_stands()
    {
        using var agent = await _host.ConnectAsync();
        await agent.SendAsync([0, 0x0A, 0x03, 1, 2, 3]);
        var error = (await agent.ReceiveAsync()).Error!;
        Assert.Equal(ServerErrorType.BadRequest, error.Type);
        Assert.Contains("16 bytes", error.Message);
        Assert.Equal(_uid, (await agent.AskAsync(Told.First(_uid))).InstanceUid);
        using var answer = await _host.SendAsync([0xFF, 0xFF]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(2, _host.Counters.Malformed);
    }

    [Fact]
    public async Task A_message_without_identifier_is_a_bad_request() =>
        Assert.Equal(ServerErrorType.BadRequest, (await _host.PostAsync(new(Guid.Empty) { SequenceNum = 1 })).Error!.Type);

    [Fact]
    public async Task Components_are_asked_for_once_for_each_hash()
    {
        var can = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsAvailableComponents;
        AgentToServer Hashed(Guid uid, ulong n) => Told.First(uid, sequence: n, can: can) with { AvailableComponents = new(new byte[] { 0xAB }, ComponentDetails.NoParts) };
        var other = Guid.CreateVersion7();
        Assert.Equal(ServerToAgentFlags.ReportAvailableComponents, (await _host.PostAsync(Hashed(_uid, 1))).Flags);
        Assert.Equal(ServerToAgentFlags.None, (await _host.PostAsync(Hashed(other, 1))).Flags);
        var parts = new Dictionary<string, ComponentDetails> { ["receivers"] = ComponentDetails.Empty };
        await _host.PostAsync(new(_uid) { SequenceNum = 2, AvailableComponents = new(new byte[] { 0xAB }, parts) });
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ServerToAgentFlags.None, (await _host.PostAsync(Hashed(other, 2))).Flags);
        Assert.Contains("receivers", _host.Get<AgentComponents>().Find("ab")!.Components.Keys);
    }

    [Fact]
    public async Task A_restart_is_a_message_of_its_own_and_for_who_takes_it()
    {
        using var agent = await _host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid, can: Told.Steered | AgentCapabilities.AcceptsRestartCommand));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config("a: 1\n"), null);
        await agent.ReceiveAsync();
        var entry = _host.Directory.Entry(_uid)!;
        await _host.Get<RestartOrders>().GiveAsync(entry, AgentHost.Deed);
        var command = await agent.ReceiveAsync();
        Assert.Equal((AgentCommand.Restart, null, ServerToAgentFlags.None), (command.Command, command.RemoteConfig, command.Flags));
        Assert.Null((await agent.AskAsync(Told.Heartbeat(_uid, 2))).Command);
    }

    [Fact]
    public async Task A_socket_that_sends_text_is_told()
    {
        using var agent = await _host.ConnectAsync();
        await agent.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text);
        Assert.Equal(ServerErrorType.BadRequest, (await agent.ReceiveAsync()).Error!.Type);
    }
}
