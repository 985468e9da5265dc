using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Signs an open page's circuit out soon after its session ended or its rights changed.</summary>
internal sealed class CircuitAccess : ServerAuthenticationStateProvider, IDisposable
{
    static readonly AuthenticationState s_nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    readonly OpenAccess _open;
    readonly Lock _lock = new();
    IDisposable? _watch;
    bool _disposed;

    public CircuitAccess(OpenAccess open)
    {
        _open = open;
        AuthenticationStateChanged += state => _ = WatchAsync(state);
    }

    async Task WatchAsync(Task<AuthenticationState> state)
    {
        var user = (await state).User;
        lock (_lock)
        {
            _watch?.Dispose();
            _watch = !_disposed && user.Identity?.IsAuthenticated == true ? _open.Watch(user, SignOut) : null;
        }
    }

    void SignOut() => SetAuthenticationState(Task.FromResult(s_nobody));

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _watch?.Dispose();
        }
    }
}
