namespace NrdotConsole.App.Platform.Auth;

/// <summary>What the sign-in needs to know about a request.</summary>
internal static class Requests
{
    /// <summary>Programs get a status and a problem; people get a page.</summary>
    public static bool IsForPrograms(this HttpRequest request) =>
        request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/hubs") || request.Path.StartsWithSegments("/metrics") || request.Path.StartsWithSegments("/ofrep")
        || request.Path.StartsWithSegments("/healthz") || request.Path.StartsWithSegments("/openapi") || request.Path.StartsWithSegments("/_blazor");

    /// <summary>One spelling for each client: a socket that takes both kinds shows IPv4 addresses as ::ffff:10.0.0.1.</summary>
    public static string ClientAddress(this HttpContext context) =>
        context.Connection.RemoteIpAddress is not { } address ? "unknown" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    /// <summary>The bearer token of the header, or, as browsers cannot set headers on a WebSocket, of a hub's query.</summary>
    public static string? BearerToken(this HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return header[scheme.Length..].Trim();
        // OpenFeature's clients may send their token so.
        if (request.Path.StartsWithSegments("/ofrep") && request.Headers["X-API-Key"].ToString() is { Length: > 0 } key) return key.Trim();
        return request.Path.StartsWithSegments("/hubs") && request.Query["access_token"].ToString() is { Length: > 0 } token ? token : null;
    }

    /// <summary>Where to go after the sign-in: a path of this console, never another site.</summary>
    public static string LocalPath(string? returnUrl) =>
        returnUrl is ['/', ..] && (returnUrl.Length == 1 || returnUrl[1] is not ('/' or '\\')) && !returnUrl.Any(char.IsControl) ? returnUrl : "/";

    public static string SignInPath(this HttpRequest request) =>
        "/sign-in" + (HttpMethods.IsGet(request.Method) && (request.Path != "/" || request.QueryString.HasValue) ? QueryString.Create("returnUrl", request.Path + request.QueryString) : default);

    public static Task WriteProblemAsync(this HttpContext context, int status, string title, string detail) =>
        Results.Problem(title: title, detail: detail, statusCode: status).ExecuteAsync(context);
}
