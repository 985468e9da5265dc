using System.Collections.Concurrent;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Finds out what a connection's secret opens. Agents' own secrets are <c>nra_</c> and 256 random bits; their hashes are kept with the agents.</summary>
internal sealed class AgentSecrets(EnrolmentTokenStore tokens, OpAmpSettings settings)
{
    public const string Prefix = "nra_";
    const int LongestSecret = 256;

    readonly ConcurrentDictionary<string, AgentEntry> _owners = new();

    /// <summary>Null where a valid secret is needed and none was shown.</summary>
    public AgentCredential? Admit(IHeaderDictionary headers)
    {
        var secret = Presented(headers);
        // A wrong secret is refused even where none is needed: its bearer believes that it has a tenant.
        if (secret is null) return settings.RequireToken ? null : AgentCredential.None;
        if (secret.Length > LongestSecret) return null;
        var hash = Secret.Hash(secret);
        if (_owners.TryGetValue(hash, out var owner)) return new(null, owner, owner.NextSecretHash == hash);
        return tokens.Find(hash) is { } token ? new(token, null) : null;
    }

    static string? Presented(IHeaderDictionary headers)
    {
        if (headers.Authorization is not [{ Length: > 0 } authorization]) return null;
        foreach (var scheme in (ReadOnlySpan<string>)["Bearer ", "Secret-Key "])
            if (authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return authorization[scheme.Length..].Trim();
        return authorization;
    }

    /// <summary>Has the agent's present secrets open it, and no others that it had.</summary>
    public void Register(AgentEntry agent, params ReadOnlySpan<string?> gone)
    {
        foreach (var hash in gone)
            if (hash is not null && hash != agent.SecretHash && hash != agent.NextSecretHash) _owners.TryRemove(hash, out _);
        if (agent.SecretHash is { } own) _owners[own] = agent;
        if (agent.NextSecretHash is { } next) _owners[next] = agent;
    }

    public void Forget(AgentEntry agent)
    {
        foreach (var hash in (ReadOnlySpan<string?>)[agent.SecretHash, agent.NextSecretHash])
            if (hash is not null) _owners.TryRemove(hash, out _);
    }
}
