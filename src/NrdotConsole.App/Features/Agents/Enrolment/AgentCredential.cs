namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// What a connection showed: an enrolment token, or the secret of one agent, or (where settings allow it) nothing. It is held against each
/// identifier that comes over the connection.
/// </summary>
/// <param name="Owner">The agent whose secret it is.</param>
/// <param name="IsNext">The secret is the one that was offered last: its first use makes it the agent's.</param>
internal sealed record AgentCredential(EnrolmentToken? Token, AgentEntry? Owner, bool IsNext = false)
{
    public static readonly AgentCredential None = new(null, null);

    /// <summary>Why this credential does not open the agent; null: it does. Called under the entry's lock.</summary>
    public string? RefusalFor(AgentEntry agent)
    {
        var own = agent.SecretHash is not null;
        if (Owner is not null)
        {
            if (Owner.Uid == agent.Uid || (agent.ParentUid == Owner.Uid && !own)) return null;
            return "This secret is another agent's.";
        }
        if (own) return "This agent has a secret of its own, and comes by that alone. If it lost it, remove the agent in the console; it then enrols anew.";
        if (Token is null) return agent.Current.TokenId is null ? null : "This agent enrolled with a token, and comes by one.";
        return Token.Tenant is null || Token.Tenant == agent.Current.Tenant ? null : "This instance_uid is enrolled under another tenant.";
    }

    public string TenantOr(string? told) => Token?.Tenant ?? Owner?.Current.Tenant ?? told ?? "default";
}
