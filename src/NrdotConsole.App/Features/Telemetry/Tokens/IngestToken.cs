namespace NrdotConsole.App.Features.Telemetry.Tokens;

/// <summary>A sender's right to send. <see cref="Tenant"/> null: the resource's <c>nrdot.tenant</c> decides, else "default".</summary>
internal sealed record IngestToken(
    long Id, string Name, string Hint, string? Tenant, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    long _lastUsedUnixMs;

    public DateTimeOffset? LastUsedAt
    {
        get => Volatile.Read(ref _lastUsedUnixMs) is > 0 and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
        init => _lastUsedUnixMs = value?.ToUnixTimeMilliseconds() ?? 0;
    }

    public bool IsValidAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);

    /// <summary>Called for every request: a store of one word, written to the database once a minute.</summary>
    public void Used(DateTimeOffset now) => Volatile.Write(ref _lastUsedUnixMs, now.ToUnixTimeMilliseconds());
}
