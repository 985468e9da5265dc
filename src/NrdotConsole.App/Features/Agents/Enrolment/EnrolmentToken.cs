namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// The right to bring agents in. <see cref="Tenant"/> null: the agent's <c>nrdot.tenant</c> decides, else "default". Past its end or its
/// number of uses it brings in no more; agents that it brought in, and that keep no secret of their own, still come by it until it is revoked.
/// </summary>
internal sealed record EnrolmentToken(
    long Id, string Name, string Hint, string? Tenant, int? MaxUses, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    int _uses;
    long _lastUsedUnixMs;

    /// <summary>Agents that it brought in.</summary>
    public int Uses
    {
        get => Volatile.Read(ref _uses);
        init => _uses = value;
    }

    public DateTimeOffset? LastUsedAt
    {
        get => Volatile.Read(ref _lastUsedUnixMs) is > 0 and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
        init => _lastUsedUnixMs = value?.ToUnixTimeMilliseconds() ?? 0;
    }

    public bool IsExpired(DateTimeOffset now) => now >= ExpiresAt;

    public bool IsUsedUp => Uses >= MaxUses;

    /// <summary>Counts one agent more. False, and nothing counted, where it may bring in no more.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (RevokedAt is not null || IsExpired(now)) return false;
        if (Interlocked.Increment(ref _uses) > MaxUses)
        {
            Interlocked.Decrement(ref _uses);
            return false;
        }
        Volatile.Write(ref _lastUsedUnixMs, now.ToUnixTimeMilliseconds());
        return true;
    }
}
