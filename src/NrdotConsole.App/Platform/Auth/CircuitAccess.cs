using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Signs an open page's circuit out soon after its session ended or its rights changed.</summary>
internal sealed class CircuitAccess(ILoggerFactory log, AccessCheck access) : RevalidatingServerAuthenticationStateProvider(log)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(15);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        access.StillHoldsAsync(authenticationState.User, cancellationToken);
}
