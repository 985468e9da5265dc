namespace NrdotConsole.App.Platform.Auth;

/// <summary>Settings under <c>Auth</c>.</summary>
/// <param name="BootstrapAdminPassword">For unattended starts: the user <c>admin</c>, while without a password, gets this one.</param>
/// <param name="BootstrapApiToken">For unattended starts: a token of all scopes with this secret, made once.</param>
/// <param name="SignInsPerMinute">Sign-in attempts from one address.</param>
internal sealed record AuthSettings(string? BootstrapAdminPassword, string? BootstrapApiToken, int SignInsPerMinute, OidcSettings? Oidc)
{
    public static AuthSettings Read(IConfiguration configuration)
    {
        var auth = configuration.GetSection("Auth");
        var faults = new List<string>();
        var perMinute = auth.GetValue("SignInsPerMinute", 20);
        if (perMinute is < 1 or > 10_000) faults.Add($"Auth:SignInsPerMinute is {perMinute}, not 1 to 10000.");
        var oidc = OidcSettings.Read(auth.GetSection("Oidc"), faults);
        if (faults.Count > 0) throw new StartException("Settings", string.Join(" ", faults), "Mend them in appsettings.json or the environment.");
        return new(NullIfEmpty(auth["BootstrapAdminPassword"]), NullIfEmpty(auth["BootstrapApiToken"]), perMinute, oidc);
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>Settings under <c>Auth:Oidc</c>: sign-in by an OpenID Connect provider, authorization code flow with PKCE.</summary>
/// <param name="RoleClaim">The claim whose values <paramref name="RoleMap"/> turns into roles.</param>
/// <param name="RoleMap">Claim value to role; of several the one that may most wins. Who matches none is not let in.</param>
internal sealed record OidcSettings(string Authority, string ClientId, string? ClientSecret, string DisplayName, string RoleClaim, IReadOnlyDictionary<string, string> RoleMap, IReadOnlyList<string> Scopes)
{
    public static OidcSettings? Read(IConfigurationSection section, List<string> faults)
    {
        if (section["Authority"] is not { Length: > 0 } authority) return null;
        var map = section.GetSection("RoleMap").GetChildren().ToDictionary(x => x.Key, x => x.Value ?? "");
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri) || !(uri.Scheme == "https" || uri is { Scheme: "http", IsLoopback: true }))
            faults.Add($"Auth:Oidc:Authority '{authority}' is no https address.");
        if (section["ClientId"] is not { Length: > 0 }) faults.Add("Auth:Oidc:ClientId is missing.");
        if (map.Count == 0) faults.Add("Auth:Oidc:RoleMap is empty: nobody could sign in. Map a value of the role claim to viewer, manager, operator or admin.");
        faults.AddRange(map.Where(x => !Roles.All.Contains(x.Value)).Select(x => $"Auth:Oidc:RoleMap:{x.Key} is '{x.Value}', not one of {string.Join(", ", Roles.All)}."));
        return new(authority, section["ClientId"] ?? "", section["ClientSecret"], section["DisplayName"] ?? uri?.Host ?? "OpenID Connect",
            section["RoleClaim"] ?? "groups", map, (section["Scopes"] ?? "openid profile email").Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The role that may most among those the values map to; null when none does.</summary>
    public string? RoleOf(IEnumerable<string> values) =>
        values.Select(x => RoleMap.GetValueOrDefault(x)).OfType<string>().MaxBy(x => Roles.All.ToList().IndexOf(x));
}
