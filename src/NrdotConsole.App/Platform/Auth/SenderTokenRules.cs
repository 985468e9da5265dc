using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>What holds for the tokens of programs that send to the console, whatever they send.</summary>
internal static class SenderTokenRules
{
    public const int MaxTokens = 1000, MaxNameLength = 100;

    /// <summary>Null for a token that may be made.</summary>
    /// <param name="held">Tokens there are, revoked ones included.</param>
    public static Fault? Check(string name, string? tenant, DateTimeOffset? expiresAt, DateTimeOffset now, int held) =>
        name.Length is 0 or > MaxNameLength ? new("name", name, $"1 to {MaxNameLength} characters")
        : tenant?.Length > Tenants.MaxLength ? new("tenant", tenant, $"at most {Tenants.MaxLength} characters")
        : tenant == ReservedTenant.Name ? new("tenant", tenant, "another name: the console keeps this one for itself")
        : expiresAt <= now ? new("expiresAt", $"{expiresAt:u}", "a time to come")
        : held >= MaxTokens ? new("tokens", $"{held + 1}", $"at most {MaxTokens}, revoked ones included")
        : null;
}
