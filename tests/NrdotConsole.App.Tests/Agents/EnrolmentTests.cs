using System.Net;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>Who may come in, as whom, and for which tenant.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
{
    static readonly Actor Ann = new("ann", ActorKind.User);

    readonly Guid _uid = Guid.CreateVersion7();
    AgentHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await AgentHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    Agent Agent => _host.Directory.Find(_uid.ToString())!;

    async Task<string> TokenAsync(string? tenant, int? uses = null, DateTimeOffset? ends = null) =>
        (await _host.Tokens.CreateAsync(Ann, $"for {tenant}", tenant, uses, ends)).Secret!;

    [Theory]
    [InlineData(null)]
    [InlineData("nre_wrong")]
    public async Task Without_a_valid_token_nobody_comes_in(string? token)
    {
        using var answer = await _host.SendAsync(OpAmpCodec.Write(Told.First(_uid), webSocket: false), token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => _host.ConnectAsync(token));
        Assert.Empty(_host.Directory.All);
    }

    [Fact]
    public async Task A_token_may_come_as_a_secret_key()
    {
        using var agent = await _host.ConnectAsync(AgentHost.Token, "Secret-Key");
        Assert.Null((await agent.AskAsync(Told.First(_uid))).Error);
    }

    [Fact]
    public async Task The_tenant_is_the_token_s_else_the_agent_s_word_at_its_first_description()
    {
        await _host.PostAsync(Told.First(_uid, more: ("nrdot.tenant", "staging")), await TokenAsync("prod"));
        Assert.Equal("prod", Agent.Tenant);
        var other = Guid.CreateVersion7();
        await _host.PostAsync(new(other) { SequenceNum = 1, Capabilities = Told.Steered });
        await _host.PostAsync(Told.First(other, sequence: 2, more: ("nrdot.tenant", "staging")));
        await _host.PostAsync(Told.First(other, sequence: 3, more: ("nrdot.tenant", "elsewhere")));
        Assert.Equal("staging", _host.Directory.Find(other.ToString())!.Tenant);
    }

    [Fact]
    public async Task An_identifier_is_not_taken_over_by_another_tenant_s_token()
    {
        await _host.PostAsync(Told.First(_uid), await TokenAsync("prod"));
        var stranger = await TokenAsync("staging");
        using var answer = await _host.SendAsync(OpAmpCodec.Write(Told.First(_uid, "evil", 2), webSocket: false), stranger);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using var socket = await _host.ConnectAsync(stranger);
        Assert.Equal(ServerErrorType.BadRequest, (await socket.AskAsync(Told.First(_uid, "evil"))).Error!.Type);
        // Clients that are cut off at once come again at once.
        await _host.UntilClosedAsync(socket);
        Assert.Equal(("prod", "web-1"), (Agent.Tenant, Agent.HostName));
    }

    [Fact]
    public async Task A_token_brings_in_as_many_as_it_may_and_those_go_on_coming()
    {
        var token = await TokenAsync("prod", uses: 1);
        await _host.PostAsync(Told.First(_uid), token);
        Assert.Contains("as many agents", (await _host.PostAsync(Told.First(Guid.CreateVersion7()), token)).Error!.Message);
        Assert.Null((await _host.PostAsync(Told.Heartbeat(_uid, 2), token)).Error);
        Assert.Equal(1, _host.Tokens.List()[0].Uses);
    }

    [Fact]
    public async Task A_token_past_its_end_brings_in_no_more_but_serves_whom_it_brought_in_until_it_is_revoked()
    {
        var token = await TokenAsync("prod", ends: _host.Time.GetUtcNow().AddHours(1));
        await _host.PostAsync(Told.First(_uid), token);
        _host.Time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("has ended", (await _host.PostAsync(Told.First(Guid.CreateVersion7()), token)).Error!.Message);
        Assert.Null((await _host.PostAsync(Told.Heartbeat(_uid, 2), token)).Error);
        await _host.Tokens.RevokeAsync(Ann, _host.Tokens.List()[0].Id);
        using var answer = await _host.SendAsync(OpAmpCodec.Write(Told.Heartbeat(_uid, 3), webSocket: false), token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task An_agent_that_takes_settings_gets_a_secret_of_its_own_that_then_alone_opens_it()
    {
        var can = Told.Steered | AgentCapabilities.AcceptsOpAmpConnectionSettings;
        using var agent = await _host.ConnectAsync();
        Assert.Null((await agent.AskAsync(Told.First(_uid, can: can))).ConnectionSettings);
        // Written down first: an agent never holds a secret that the console could forget.
        await _host.TickAsync();
        var offer = (await agent.ReceiveAsync()).ConnectionSettings!;
        Assert.Equal(($"ws://127.0.0.1:{_host.Port}/v1/opamp", 30ul), (offer.OpAmp!.Endpoint, offer.OpAmp.HeartbeatIntervalSeconds));
        var secret = offer.OpAmp.Headers.Single(h => h.Key == "Authorization").Value["Bearer ".Length..];
        Assert.StartsWith("nra_", secret);
        await agent.LeaveAsync(_uid, 2);

        using var again = await _host.ConnectAsync(secret);
        Assert.Null((await again.AskAsync(Told.First(_uid, can: can) with { ConnectionSettingsStatus = new(offer.Hash, ConnectionSettingsStatuses.Applied) })).Error);
        Assert.True(Agent.HasOwnSecret);
        await again.LeaveAsync(_uid, 2);
        Assert.Contains("secret of its own", (await _host.PostAsync(Told.First(_uid))).Error!.Message);
        Assert.Contains("another agent's", (await _host.PostAsync(Told.First(Guid.CreateVersion7()), secret)).Error!.Message);
    }

    [Fact]
    public async Task The_token_still_opens_an_agent_that_has_not_used_its_secret_yet()
    {
        var can = Told.Steered | AgentCapabilities.AcceptsOpAmpConnectionSettings;
        await _host.PostAsync(Told.First(_uid, can: can));
        await _host.TickAsync();
        Assert.NotNull((await _host.PostAsync(Told.Heartbeat(_uid, 2) with { Capabilities = can })).ConnectionSettings);
        Assert.Null((await _host.PostAsync(Told.Heartbeat(_uid, 3) with { Capabilities = can })).Error);
    }

    [Fact]
    public async Task A_clone_with_a_secret_becomes_an_agent_of_its_own()
    {
        var can = Told.Steered | AgentCapabilities.AcceptsOpAmpConnectionSettings;
        await _host.PostAsync(Told.First(_uid, can: can));
        await _host.TickAsync();
        var secret = Secret((await _host.PostAsync(Told.Heartbeat(_uid, 2) with { Capabilities = can })).ConnectionSettings!);
        using var first = await _host.ConnectAsync(secret);
        await first.AskAsync(Told.First(_uid, can: can, sequence: 3));
        using var clone = await _host.ConnectAsync(secret);
        var given = (await clone.AskAsync(Told.First(_uid, "clone", can: can))).NewInstanceUid!.Value;
        Assert.Null((await clone.AskAsync(Told.First(given, "clone", 2, can))).Error);
        await _host.TickAsync();
        var own = Secret((await clone.ReceiveAsync()).ConnectionSettings!);
        Assert.NotEqual(secret, own);
        await clone.LeaveAsync(given, 3);
        using var again = await _host.ConnectAsync(own);
        Assert.Null((await again.AskAsync(Told.First(given, "clone", can: can))).Error);
        Assert.True(_host.Directory.Find(given.ToString())!.HasOwnSecret);
    }

    [Fact]
    public async Task Enrolment_and_tokens_are_audited()
    {
        await _host.PostAsync(Told.First(_uid), await TokenAsync("prod"));
        await _host.TickAsync();
        var (rows, _) = await _host.Get<AuditLog>().ReadAsync(new(), 0, 10);
        Assert.Equal(["agent.enrol", "enrolment_token.add", "enrolment_token.add"], rows.Select(r => r.Action));
        Assert.Contains("web-1", rows[0].After);
        Assert.DoesNotContain(rows, r => r.After?.Contains("nre_", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Where_no_token_is_needed_an_agent_says_its_tenant_but_a_wrong_token_is_refused()
    {
        await using var open = await AgentHost.StartAsync(("OpAmp:RequireToken", "false"));
        await open.PostAsync(Told.First(_uid, more: ("nrdot.tenant", "staging")), token: null);
        Assert.Equal("staging", open.Directory.Find(_uid.ToString())!.Tenant);
        using var answer = await open.SendAsync(OpAmpCodec.Write(Told.First(_uid), webSocket: false), "nre_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    static string Secret(ConnectionSettingsOffers offer) => offer.OpAmp!.Headers.Single().Value["Bearer ".Length..];
}
