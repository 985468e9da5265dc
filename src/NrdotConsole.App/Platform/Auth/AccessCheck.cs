using System.Security.Claims;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Asks again before something is done for a principal of what stays open: does it still hold, with the same rights?</summary>
internal sealed class AccessCheck(SessionStore sessions, ApiTokenStore tokens)
{
    public async Task<bool> StillHoldsAsync(ClaimsPrincipal principal, CancellationToken ct = default)
    {
        var now = principal.FindFirstValue(Principals.SessionId) is { } session
            ? await sessions.FindAsync(session, touch: false, ct) is { } a ? Rights.Of(a) : (Rights?)null
            : principal.FindFirstValue(Principals.TokenId) is { } token
                ? await tokens.FindAsync(long.Parse(token), ct) is { } b ? Rights.Of(b) : null
                : null;
        return now == Rights.Of(principal);
    }
}
