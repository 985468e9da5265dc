using System.Security.Claims;
using NrdotConsole.App.Platform.Audit;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Our claims: made here, read here.</summary>
internal static class Principals
{
    public const string UserId = "uid", SessionId = "sid", TokenId = "tid", Role = ClaimTypes.Role, Permission = "perm", AllowedTenantsJson = "tenants";

    const string AllTenants = "*";

    /// <summary>What a session's cookie holds: nothing but its id. The rest is read afresh at each request.</summary>
    public static ClaimsPrincipal OfSessionId(string sessionId) => new(new ClaimsIdentity([new(SessionId, sessionId)], AuthSchemes.Cookie));

    public static ClaimsPrincipal Of(SessionAccess session) => new(new ClaimsIdentity(
        [new(SessionId, session.SessionId), .. Facts(session.UserId, session.UserName, session.Role, Roles.PermissionsOf(session.Role), session.Tenants)],
        AuthSchemes.Cookie, ClaimTypes.Name, Role));

    public static ClaimsPrincipal Of(TokenAccess token) => new(new ClaimsIdentity(
        [new(TokenId, $"{token.TokenId}"), .. Facts(token.OwnerId, $"{token.OwnerName}/{token.TokenName}", token.OwnerRole, token.Permissions, token.Tenants)],
        AuthSchemes.Bearer, ClaimTypes.Name, Role));

    static IEnumerable<Claim> Facts(long userId, string name, string role, IEnumerable<string> permissions, IReadOnlySet<string>? tenants) =>
    [
        new(UserId, $"{userId}"), new(ClaimTypes.Name, name), new(Role, role), new(AllowedTenantsJson, Json(tenants)),
        .. permissions.Select(x => new Claim(Permission, x)),
    ];

    /// <summary>How a claim holds them.</summary>
    public static string Json(IReadOnlySet<string>? tenants) => Tenants.ToJson(tenants) ?? AllTenants;

    /// <summary>The tenants this principal may see; null for all. Nobody in particular sees none.</summary>
    public static IReadOnlySet<string>? AllowedTenants(this ClaimsPrincipal principal) =>
        principal.FindFirstValue(AllowedTenantsJson) switch
        {
            null => new HashSet<string>(),
            AllTenants => null,
            var json => Tenants.FromJson(json),
        };

    public static bool MaySee(this ClaimsPrincipal principal, string tenant) => principal.AllowedTenants()?.Contains(tenant) ?? true;

    public static bool Has(this ClaimsPrincipal principal, string permission) => principal.HasClaim(Permission, permission);

    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static long RequiredUserId(this ClaimsPrincipal principal) =>
        long.Parse(principal.FindFirstValue(UserId) ?? throw new InvalidOperationException("Nobody is signed in."));

    /// <summary>For the audit log.</summary>
    public static Actor Actor(this ClaimsPrincipal principal, string? address = null) =>
        new(principal.Identity?.Name ?? "nobody", principal.HasClaim(x => x.Type == TokenId) ? ActorKind.Token : ActorKind.User, address);
}

internal static class AuthSchemes
{
    /// <summary>Chooses between the two below, by the request.</summary>
    public const string Either = "either";
    public const string Cookie = "cookie";
    public const string Bearer = "bearer";
    public const string Oidc = "oidc";
}
