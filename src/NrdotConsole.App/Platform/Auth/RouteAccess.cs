namespace NrdotConsole.App.Platform.Auth;

internal static class RouteAccess
{
    /// <summary>Opens the route to who has the permission. A route that names none is open to whoever is signed in; one that is open to all says so by AllowAnonymous.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder route, string permission) where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(permission);
}
