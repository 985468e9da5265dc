using Dapper;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Live;

namespace NrdotConsole.App.Tests.Auth;

/// <summary>What is open ends with the rights by which it was opened.</summary>
public sealed class OpenAccessTests : IDisposable
{
    readonly ConsoleHost _host = ConsoleHost.WithAdmin();
    int _ended;

    OpenAccess Open => _host.Get<OpenAccess>();

    public void Dispose() => _host.Dispose();

    /// <summary>Somebody's session, with a page open.</summary>
    async Task<(long User, string Session)> WatchedAsync(string role = Roles.Operator)
    {
        var user = (await _host.Get<UserStore>().AddAsync(Actor.System, "ann", role, null)).User!.Id;
        var sessions = _host.Get<SessionStore>();
        var session = await sessions.CreateAsync(user, "127.0.0.1", "a browser");
        Open.Watch(Principals.Of((await sessions.FindAsync(session, touch: false))!), () => _ended++);
        return (user, session);
    }

    [Fact]
    public async Task What_a_session_holds_open_ends_once_when_the_session_ends()
    {
        var (user, session) = await WatchedAsync();
        await Open.LookAsync();
        Assert.Equal(0, _ended);
        await _host.Get<SessionStore>().EndAsync(user, session);
        await Open.LookAsync();
        await Open.LookAsync();
        Assert.Equal(1, _ended);
    }

    [Fact]
    public async Task It_ends_when_the_session_has_been_idle_for_too_long()
    {
        await WatchedAsync();
        _host.Time.Advance(SessionStore.Idle);
        await Open.LookAsync();
        Assert.Equal(1, _ended);
    }

    [Theory]
    [InlineData(Roles.Viewer, null)]
    [InlineData(Roles.Operator, "prod")]
    public async Task It_ends_when_the_account_gets_another_role_or_other_tenants(string role, string? tenant)
    {
        var (user, _) = await WatchedAsync();
        await _host.Get<UserStore>().ChangeAsync(Actor.System, user, role, tenant is null ? null : new HashSet<string> { tenant });
        await Open.LookAsync();
        Assert.Equal(1, _ended);
    }

    [Fact]
    public async Task What_was_closed_is_not_ended_and_while_the_database_cannot_be_read_nothing_is()
    {
        var (user, session) = await WatchedAsync();
        var gone = 0;
        Open.Watch(Principals.Of((await _host.Get<SessionStore>().FindAsync(session, touch: false))!), () => gone++).Dispose();
        await using var connection = await _host.Get<ConsoleDatabase>().OpenAsync();
        await connection.ExecuteAsync("ALTER TABLE sessions RENAME TO lost");
        await Assert.ThrowsAsync<SqliteException>(() => Open.LookAsync());
        Assert.Equal(0, _ended);
        await connection.ExecuteAsync("ALTER TABLE lost RENAME TO sessions");
        await _host.Get<SessionStore>().EndAsync(user, session);
        await Open.LookAsync();
        Assert.Equal((1, 0), (_ended, gone));
    }

    [Fact]
    public async Task A_circuit_is_signed_out()
    {
        var (user, session) = await WatchedAsync();
        using var scope = _host.Services.CreateScope();
        var circuit = scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        var access = (await _host.Get<SessionStore>().FindAsync(session, touch: false))!;
        ((IHostEnvironmentAuthenticationStateProvider)circuit).SetAuthenticationState(Task.FromResult(new AuthenticationState(Principals.Of(access))));
        await Open.LookAsync();
        Assert.Equal("ann", (await circuit.GetAuthenticationStateAsync()).User.Identity!.Name);
        await _host.Get<SessionStore>().EndAsync(user, session);
        await Open.LookAsync();
        Assert.False((await circuit.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task A_hub_connection_is_closed_when_its_token_is_revoked()
    {
        var closed = new TaskCompletionSource();
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(_host.Server.BaseAddress, LiveModule.Route), o =>
        {
            o.HttpMessageHandlerFactory = _ => _host.Server.CreateHandler();
            o.Transports = HttpTransportType.LongPolling;
            o.AccessTokenProvider = () => Task.FromResult<string?>(ConsoleHost.Token);
        }).Build();
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync();
        await Open.LookAsync();
        await hub.InvokeAsync("Subscribe", "coverage", "fleet");
        var tokens = _host.Get<ApiTokenStore>();
        await tokens.RevokeAsync(Actor.System, Assert.Single(await tokens.ListAsync()).Id);
        await Open.LookAsync();
        await closed.Task.WaitAsync(Patience.Limit);
    }
}
