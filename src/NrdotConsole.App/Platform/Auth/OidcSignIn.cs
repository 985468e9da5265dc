using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>
/// Sign-in by an OpenID Connect provider. The provider says who it is and, by the role claim, what they may do; the session is ours.
/// An account belongs to (issuer, subject): a local account of the same name is never taken over.
/// </summary>
internal static class OidcSignIn
{
    public static void Add(AuthenticationBuilder authentication, OidcSettings settings) => authentication.AddOpenIdConnect(AuthSchemes.Oidc, x =>
    {
        x.SignInScheme = AuthSchemes.Cookie;
        x.Authority = settings.Authority;
        x.ClientId = settings.ClientId;
        x.ClientSecret = settings.ClientSecret;
        x.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        x.ResponseType = OpenIdConnectResponseType.Code;
        x.UsePkce = true;
        x.MapInboundClaims = false;
        x.GetClaimsFromUserInfoEndpoint = true;
        x.SaveTokens = false;
        x.CallbackPath = "/sign-in/oidc/callback";
        x.Scope.Clear();
        foreach (var scope in settings.Scopes) x.Scope.Add(scope);
        foreach (var claim in (string[])["preferred_username", "email", settings.RoleClaim]) x.ClaimActions.MapJsonKey(claim, claim);
        // Answered by a top-level GET: SameSite=Lax cookies come along, over plain http on loopback too.
        x.ResponseMode = OpenIdConnectResponseMode.Query;
        x.NonceCookie.SameSite = x.CorrelationCookie.SameSite = SameSiteMode.Lax;
        x.NonceCookie.SecurePolicy = x.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        x.Events.OnTicketReceived = TicketReceivedAsync;
        x.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.HttpContext.RequestServices.GetRequiredService<ILogger<OidcSettings>>().LogWarning(context.Failure, "Sign-in at {Authority} failed", settings.Authority);
            return PlainPages.Message(context.HttpContext, StatusCodes.Status401Unauthorized, "Not signed in", $"{settings.DisplayName} did not confirm the sign-in. The log names the cause.", "/sign-in", "To the sign-in").ExecuteAsync(context.HttpContext);
        };
    });

    public static void Map(WebApplication app) => app.MapGet("/sign-in/oidc", (string? returnUrl) =>
        Results.Challenge(new() { RedirectUri = Requests.LocalPath(returnUrl) }, [AuthSchemes.Oidc])).AllowAnonymous();

    static async Task TicketReceivedAsync(TicketReceivedContext context)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var external = context.Principal!;
        var (user, refusal) = await services.GetRequiredService<ExternalAccounts>().EnterAsync(external, http.ClientAddress(), http.RequestAborted);
        if (user is null)
        {
            context.HandleResponse();
            await PlainPages.Message(http, StatusCodes.Status403Forbidden, "No account here", refusal!, "/sign-in", "To the sign-in").ExecuteAsync(http);
            return;
        }
        var session = await services.GetRequiredService<SessionStore>().CreateAsync(user.Id, http.ClientAddress(), http.Request.Headers.UserAgent.ToString(), http.RequestAborted);
        context.Principal = Principals.OfSessionId(session);
    }
}

/// <summary>Accounts that an OpenID Connect provider vouches for: made at their first sign-in, their role taken over at each.</summary>
internal sealed class ExternalAccounts(ConsoleDatabase database, UserStore users, AuditLog audit, OidcSettings settings)
{
    /// <returns>The account, or why it may not come in.</returns>
    public async Task<(User? User, string? Refusal)> EnterAsync(ClaimsPrincipal external, string address, CancellationToken ct)
    {
        if (external.FindFirstValue("sub") is not { Length: > 0 } subject) return (null, "The provider named no subject.");
        var subjectKey = $"{external.FindFirstValue("iss") ?? settings.Authority}|{subject}";
        var name = external.FindFirstValue("preferred_username") ?? external.FindFirstValue("email") ?? subject;
        if (settings.RoleOf(external.FindAll(settings.RoleClaim).Select(x => x.Value)) is not { } role)
            return (null, $"{settings.DisplayName} knows you as {name}, but none of your {settings.RoleClaim} has a role here. Ask an admin to map one (Auth:Oidc:RoleMap).");
        var actor = new Actor(name, ActorKind.User, address);
        var user = await FindAsync(subjectKey, ct);
        if (user is null)
        {
            (user, var fault) = await users.AddAsync(actor, name, role, null, subjectKey, ct);
            if (fault is not null) (user, fault) = await users.AddAsync(actor, $"{subject}@{new Uri(settings.Authority).Host}", role, null, subjectKey, ct);
            if (fault is not null) return (null, fault.Message);
        }
        else if (user.Role != role && await users.ChangeAsync(actor, user.Id, role, user.Tenants, ct) is { } fault) return (null, fault.Message);
        if (user!.Disabled) return (null, "Your account here is disabled.");
        await audit.AppendAsync(new AuditEntry(actor, "session.start", $"user:{user.Name}", Reason: "OpenID Connect"), ct);
        return (user, null);
    }

    async Task<User?> FindAsync(string subjectKey, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var id = await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT id FROM users WHERE external_subject = @subjectKey", new { subjectKey }, cancellationToken: ct));
        return id is null ? null : await users.FindAsync(id.Value, ct);
    }
}
