using System.Security.Claims;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Asks again on behalf of what stays open, circuits and hub connections: does this principal still hold, with the same rights?</summary>
internal sealed class AccessCheck(SessionStore sessions, ApiTokenStore tokens)
{
    public async Task<bool> StillHoldsAsync(ClaimsPrincipal principal, CancellationToken ct = default)
    {
        var now = principal.FindFirstValue(Principals.SessionId) is { } session
            ? await sessions.FindAsync(session, touch: false, ct) is { } a ? Principals.Of(a) : null
            : principal.FindFirstValue(Principals.TokenId) is { } token
                ? await tokens.FindAsync(long.Parse(token), ct) is { } b ? Principals.Of(b) : null
                : null;
        return now is not null && Rights(now).SetEquals(Rights(principal));
    }

    static HashSet<string> Rights(ClaimsPrincipal principal) =>
        [.. principal.Claims.Where(x => x.Type is Principals.Permission or Principals.AllowedTenantsJson).Select(x => x.Type + x.Value)];
}
