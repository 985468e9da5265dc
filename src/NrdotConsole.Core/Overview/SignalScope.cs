namespace NrdotConsole.Core.Overview;

/// <summary>What a signal is computed for: the whole fleet, one tenant, or one host of a tenant (by host key).</summary>
public readonly record struct SignalScope(string? Tenant, string? Host = null)
{
    public static readonly SignalScope Fleet = new(null);

    /// <summary>The name used in hub groups and URLs: <c>fleet</c>, <c>tenant:prod</c>, <c>host:prod/i-0123</c>.</summary>
    public override string ToString() => (Tenant, Host) switch
    {
        (null, _) => "fleet",
        (var tenant, null) => $"tenant:{tenant}",
        var (tenant, host) => $"host:{tenant}/{host}",
    };

    public static bool TryParse(string? text, out SignalScope scope)
    {
        scope = Fleet;
        if (string.IsNullOrEmpty(text) || text == "fleet") return true;
        if (text.StartsWith("tenant:", StringComparison.Ordinal))
        {
            scope = new(text[7..]);
            return text.Length > 7;
        }
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!text.StartsWith("host:", StringComparison.Ordinal) || slash < 6 || slash == text.Length - 1) return false;
        scope = new(text[5..slash], text[(slash + 1)..]);
        return true;
    }
}
