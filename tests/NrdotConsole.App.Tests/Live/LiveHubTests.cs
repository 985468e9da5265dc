using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Live;

public sealed class LiveHubTests : IAsyncLifetime
{
    static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly SignalBoard _board = new(TimeProvider.System);
    readonly TempDirectory _directory = new();
    WebApplication _app = default!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_board);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_directory.OpenDatabase());
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<UserStore>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<ApiTokenStore>();
        builder.Services.AddSingleton<OpenAccess>();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, Caller>("test", null);
        var policies = builder.Services.AddAuthorizationBuilder();
        foreach (var permission in Permissions.All) policies.AddPolicy(permission, p => p.RequireClaim(Principals.Permission, permission));
        var module = new LiveModule();
        module.AddServices(builder);
        _app = builder.Build();
        module.MapEndpoints(_app);
        _board.Stand(new("prod"));
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Signs in whom the header names: "permissions;tenants".</summary>
    sealed class Caller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-Test"].ToString().Split(';') is not [var permissions, var tenants]) return Task.FromResult(AuthenticateResult.NoResult());
            var claims = permissions.Split(',').Select(p => new Claim(Principals.Permission, p)).Append(new(Principals.AllowedTenantsJson, tenants));
            return Task.FromResult(AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, "test")), "test")));
        }
    }

    async Task<(HubConnection Hub, System.Threading.Channels.ChannelReader<(string Panel, string Scope, JsonElement Value)> Heard)> ConnectAsync(string caller)
    {
        var hub = new HubConnectionBuilder().WithUrl(new Uri(_app.GetTestServer().BaseAddress, LiveModule.Route), o =>
        {
            o.HttpMessageHandlerFactory = _ => _app.GetTestServer().CreateHandler();
            o.Transports = HttpTransportType.LongPolling;
            o.Headers["X-Test"] = caller;
        }).Build();
        var heard = System.Threading.Channels.Channel.CreateUnbounded<(string, string, JsonElement)>();
        hub.On<string, string, JsonElement>(LiveHub.Summary, (panel, scope, value) => { heard.Writer.TryWrite((panel, scope, value.Clone())); });
        await hub.StartAsync();
        return (hub, heard.Reader);
    }

    static CoverageSummary Coverage(double? score, SignalScope scope = default) =>
        new(scope, At, score, [new(Tier.Critical, new(3, 4))], 1, 0, [], [.. Enumerable.Range(0, 50).Select(i => new MissingProcess("prod", "h", "web", $"exe{i}", "app", "other", Tier.Standard, null))], 50);

    static async Task<(string Panel, string Scope, JsonElement Value)> Next(System.Threading.Channels.ChannelReader<(string, string, JsonElement)> heard)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        return await heard.ReadAsync(limit.Token);
    }

    [Fact]
    public async Task A_subscriber_hears_the_present_value_and_then_each_change()
    {
        _board.Coverage(SignalScope.Fleet).Publish(Coverage(0.5));
        var (hub, heard) = await ConnectAsync("telemetry.read;*");
        await using var _ = hub;
        await hub.InvokeAsync("Subscribe", "coverage", "fleet");

        var (panel, scope, value) = await Next(heard);
        Assert.Equal(("coverage", "fleet", 0.5, 0.75), (panel, scope, value.GetProperty("score").GetDouble(), value.GetProperty("critical").GetDouble()));
        Assert.Equal(("critical", HubPanels.ListLimit, 50), (value.GetProperty("tiers")[0].GetProperty("tier").GetString(), value.GetProperty("missing").GetArrayLength(), value.GetProperty("missingTotal").GetInt32()));

        _board.Coverage(SignalScope.Fleet).Publish(Coverage(null));
        Assert.Equal(JsonValueKind.Null, (await Next(heard)).Value.GetProperty("score").ValueKind);
    }

    [Fact]
    public async Task A_panel_that_nobody_hears_any_more_is_let_go()
    {
        var broadcast = _app.Services.GetRequiredService<LiveBroadcast>();
        var (first, _) = await ConnectAsync("telemetry.read;*");
        var (second, heard) = await ConnectAsync("telemetry.read;*");
        await first.InvokeAsync("Subscribe", "coverage", "tenant:prod");
        await second.InvokeAsync("Subscribe", "coverage", "tenant:prod");
        await second.InvokeAsync("Subscribe", "fleet", "fleet");
        Assert.Equal(2, broadcast.Topics);

        await first.InvokeAsync("Unsubscribe", "coverage", "tenant:prod");
        _board.Coverage(new("prod")).Publish(Coverage(1, new("prod")));
        Assert.Equal("tenant:prod", (await Next(heard)).Scope);

        await second.InvokeAsync("Unsubscribe", "coverage", "tenant:prod");
        await second.InvokeAsync("Unsubscribe", "fleet", "fleet");
        Assert.Equal(0, broadcast.Topics);
        Assert.False(_board.Coverage(new("prod")).IsWatched);
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Theory]
    [InlineData("weather", "fleet", "one of overview")]
    [InlineData("coverage", "planet", "is not fleet, tenant:NAME or host:TENANT/HOST")]
    [InlineData("coverage", "tenant:nobody", "not among the tenants")]
    [InlineData("coverage", "host:prod/none", "has no host")]
    [InlineData("ingest", "tenant:prod", "scope fleet only")]
    [InlineData("cost", "fleet", "needs the permission cost.read")]
    public async Task What_cannot_be_heard_is_refused_with_the_reason(string panel, string scope, string reason)
    {
        var (hub, _) = await ConnectAsync("telemetry.read;*");
        await using var __ = hub;
        var fault = await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync("Subscribe", panel, scope));
        Assert.Contains(reason, fault.Message);
    }

    [Fact]
    public async Task Who_is_limited_to_a_tenant_hears_neither_the_fleet_nor_another()
    {
        _board.Stand(new("staging"));
        var (hub, _) = await ConnectAsync("telemetry.read;[\"prod\"]");
        await using var __ = hub;
        await hub.InvokeAsync("Subscribe", "coverage", "tenant:prod");
        await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync("Subscribe", "coverage", "fleet"));
        await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync("Subscribe", "coverage", "tenant:staging"));
    }

    [Fact]
    public async Task Without_the_permission_there_is_no_connection()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync("audit.read;*"));
        await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync(""));
    }

    [Fact]
    public async Task The_fleet_panel_counts_and_never_sends_ten_thousand_rows()
    {
        var rows = Enumerable.Range(0, 10_000).Select(i => new HostRow("prod", $"k{i}", $"h{i}", HostHealth.Healthy, "", "", "", "", At, 1, 1, 0, null, 0, null)).ToList();
        _board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, rows.Count, new Dictionary<HostHealth, int> { [HostHealth.Healthy] = rows.Count }, rows));
        var (hub, heard) = await ConnectAsync("telemetry.read;*");
        await using var _ = hub;
        await hub.InvokeAsync("Subscribe", "fleet", "fleet");
        var (_, _, value) = await Next(heard);
        Assert.Equal(10_000, value.GetProperty("byHealth").GetProperty("healthy").GetInt32());
        Assert.True(value.GetRawText().Length < 200);
    }
}
