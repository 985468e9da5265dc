using NrdotConsole.Core.Profiles;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>An agent over REST.</summary>
internal sealed record AgentView(
    string InstanceUid, string Tenant, string HostKey, string HostName, string Os, string Type, string Version, AgentTransport Transport, string Address,
    bool Connected, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, IReadOnlyList<string> Capabilities, AgentConfigState ConfigState,
    string? AssignedHash, DateTimeOffset? AssignedAt, long? ChangeId, string? ReportedHash, string Status, string? Error, DateTimeOffset? StatusAt,
    bool? Healthy, string? HealthStatus, string? HealthError, string? EffectiveHash, DateTimeOffset? EffectiveAt, DateTimeOffset? DriftSince, bool HasOwnSecret)
{
    public static AgentView Of(Agent a, DateTimeOffset now) => new(
        a.InstanceUid, a.Tenant, a.HostKey, a.HostName, a.Os, a.Type, a.Version, a.Transport, a.Address, a.Connected, a.FirstSeen, a.LastSeen,
        [.. Enum.GetValues<AgentCapabilities>().Where(c => c != AgentCapabilities.None && a.Can(c)).Select(c => c.ToString())],
        AgentConfigStates.Of(a, now), a.AssignedHash, a.AssignedAt, a.ChangeId, a.ReportedHash, a.Status.ToString().ToUpperInvariant(), a.Error, a.StatusAt,
        a.Healthy, a.HealthStatus, a.HealthError, a.EffectiveHash, a.EffectiveAt, a.DriftSince, a.HasOwnSecret);
}

internal sealed record AgentDetailsView(AgentView Agent, AgentDetails Details);

/// <summary>One of an agent's three configurations. <paramref name="Yaml"/> of an effective one is as the agent told it, <c>[REDACTED]</c> values included.</summary>
internal sealed record AgentConfigView(string Hash, string? Yaml, DateTimeOffset? At = null, long? ChangeId = null);

/// <param name="Desired">By main; null where it is not known yet.</param>
/// <param name="Drift">Where what it runs differs in meaning from what is assigned; null where that cannot be told.</param>
/// <param name="DesiredDiffers">What is assigned is not what main desires: a Change is under way, or was taken back.</param>
internal sealed record AgentConfigsView(
    AgentConfigView? Desired, AgentConfigView? Assigned, AgentConfigView? Effective, AgentConfigState State, bool DesiredDiffers,
    IReadOnlyList<ConfigDifference>? Drift, DateTimeOffset? DriftSince, double? DriftSeconds);

internal sealed record EnrolmentTokenView(
    long Id, string Name, string Hint, string? Tenant, int? MaxUses, int Uses, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static EnrolmentTokenView Of(EnrolmentToken t) =>
        new(t.Id, t.Name, t.Hint, t.Tenant, t.MaxUses, t.Uses, t.CreatedBy, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.RevokedAt);
}

/// <param name="Secret">Shown this once.</param>
internal sealed record NewEnrolmentTokenView(EnrolmentTokenView Token, string Secret);

internal sealed record NewEnrolmentToken(string? Name, string? Tenant, int? MaxUses, DateTimeOffset? ExpiresAt);

internal sealed record AgentCommandBody(string? Reason);
