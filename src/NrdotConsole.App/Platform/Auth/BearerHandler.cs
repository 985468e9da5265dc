using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>API tokens in <c>Authorization: Bearer</c>.</summary>
internal sealed class BearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiTokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    const int MaxLength = 512;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.BearerToken() is not { } secret) return AuthenticateResult.NoResult();
        if (secret.Length > MaxLength || await tokens.FindAsync(secret, Context.RequestAborted) is not { } access)
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        return AuthenticateResult.Success(new(Principals.Of(access), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Context.WriteProblemAsync(StatusCodes.Status401Unauthorized, "Not signed in.", "The token is unknown, expired or revoked: make one under People, API tokens.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => SessionCookie.ForbidAsync(Context);
}
