using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Agents as rows: read once at the start, written in batches. What is assigned to them is in rows of <see cref="ConfigAssignments"/>.</summary>
internal sealed class AgentStore(
    ConsoleDatabase database, AgentDirectory directory, ConfigBodies bodies, AgentComponents components, EnrolmentTokenStore tokens, AgentSecrets secrets, AuditLog audit)
{
    /// <summary>Most rows in one transaction: others that write wait no longer than it takes.</summary>
    public const int BatchSize = 2000;

    /// <summary>Reads all agents into the directory; call once, before the first connection. None is connected yet.</summary>
    public async Task LoadAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await components.LoadAsync(connection);
        var rows = await connection.QueryAsync<Row>(
            """
            SELECT a.uid AS Uid, a.tenant AS Tenant, a.host_key AS HostKey, a.state AS State, a.sequence AS Sequence, a.transport AS Transport, a.address AS Address,
                   a.first_seen AS FirstSeen, a.last_seen AS LastSeen, a.status_at AS StatusAt, a.effective_hash AS EffectiveHash, a.effective_at AS EffectiveAt,
                   a.drift_since AS DriftSince, a.token_id AS TokenId, a.parent_uid AS ParentUid, a.secret_hash AS SecretHash, a.next_secret_hash AS NextSecretHash,
                   a.heartbeat_s AS HeartbeatSeconds, s.hash AS AssignedHash, s.change_id AS ChangeId, s.assigned_at AS AssignedAt, s.try AS Try,
                   r.ordered_at AS RestartOrderedAt
            FROM agents a LEFT JOIN agent_assignments s ON s.uid = a.uid LEFT JOIN agent_restarts r ON r.uid = a.uid
            """);
        foreach (var row in rows)
        {
            var entry = row.ToEntry();
            secrets.Register(directory.Add(entry));
        }
    }

    /// <summary>Writes what waits to be written, up to a batch. False: there was nothing.</summary>
    public async Task<bool> SaveAsync(CancellationToken ct = default)
    {
        var due = directory.TakeDirty(BatchSize);
        if (due.Count == 0) return false;
        var offers = new List<AgentEntry>();
        try
        {
            await using var connection = await database.OpenAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await bodies.SaveUnwrittenAsync(transaction);
            await components.SaveUnwrittenAsync(transaction);
            var fresh = due.Any(e => !e.Stored);
            await WriteAsync(transaction, due, offers);
            if (fresh)
            {
                await tokens.SaveUsesAsync(transaction);
                foreach (var entry in due.Where(e => !e.Stored)) await audit.AppendAsync(transaction, Enrolled(entry.Current), ct);
            }
            await transaction.CommitAsync(ct);
        }
        catch
        {
            due.ForEach(directory.Touch);
            throw;
        }
        bodies.Written();
        foreach (var entry in due) entry.Stored = true;
        foreach (var entry in offers)
        {
            lock (entry) entry.OfferStored = true;
            entry.Session?.Wake();
        }
        return true;
    }

    /// <summary>Writes when agents were last heard, and where their numbers stand. Losing the last minute's is no loss.</summary>
    public async Task SaveLastSeenAsync(CancellationToken ct = default)
    {
        var due = directory.Entries.Where(e => e.Stored && e.Current.LastSeen > e.StoredLastSeen).ToList();
        foreach (var batch in due.Chunk(BatchSize))
        {
            await using var connection = await database.OpenAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync("UPDATE agents SET last_seen = @LastSeen, sequence = @Sequence WHERE uid = @Uid",
                batch.Select(e => new { Uid = e.Uid.ToString(), e.Current.LastSeen, Sequence = (long)e.Sequence }), transaction);
            await transaction.CommitAsync(ct);
            foreach (var entry in batch) entry.StoredLastSeen = entry.Current.LastSeen;
        }
    }

    /// <summary>Removes an agent: it is unknown from then on, and must enrol anew. False where there is none.</summary>
    public async Task<bool> RemoveAsync(Actor actor, string uid, string? reason, CancellationToken ct = default)
    {
        if (directory.Entry(uid) is not { } entry) return false;
        await using (var connection = await database.OpenAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync("DELETE FROM agents WHERE uid = @Uid", new { Uid = entry.Uid.ToString() }, transaction);
            await connection.ExecuteAsync("DELETE FROM agent_assignments WHERE uid = @Uid", new { Uid = entry.Uid.ToString() }, transaction);
            await connection.ExecuteAsync("DELETE FROM agent_restarts WHERE uid = @Uid", new { Uid = entry.Uid.ToString() }, transaction);
            var agent = entry.Current;
            await audit.AppendAsync(transaction, new(actor, "agent.remove", $"agent:{uid}", Before: new { agent.Tenant, agent.HostKey, agent.HostName, agent.Type, agent.Version }, Reason: reason), ct);
            await transaction.CommitAsync(ct);
        }
        directory.Remove(entry.Uid);
        secrets.Forget(entry);
        entry.Session?.OnEvict?.Invoke();
        return true;
    }

    static AuditEntry Enrolled(Agent agent) => new(
        new(agent.TokenId is { } id ? $"enrolment_token:{id}" : "agent", ActorKind.Token, agent.Address), "agent.enrol", $"agent:{agent.InstanceUid}",
        After: new { agent.Tenant, agent.HostKey, agent.HostName, agent.Type, agent.Version });

    static async Task WriteAsync(DbTransaction transaction, List<AgentEntry> due, List<AgentEntry> offers)
    {
        var rows = new List<object>(due.Count);
        foreach (var entry in due)
        {
            lock (entry)
            {
                var a = entry.Current;
                rows.Add(new
                {
                    a.InstanceUid, a.Tenant, a.HostKey, entry.State, Sequence = (long)entry.Sequence, Transport = a.Transport.ToString(), a.Address, a.FirstSeen, a.LastSeen, a.StatusAt,
                    a.EffectiveHash, a.EffectiveAt, a.DriftSince, a.TokenId, ParentUid = entry.ParentUid?.ToString(), entry.SecretHash, entry.NextSecretHash, entry.OfferedHeartbeat,
                });
                entry.StoredLastSeen = a.LastSeen;
                if (entry is { SettingsOffer: not null, OfferStored: false }) offers.Add(entry);
            }
        }
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO agents (uid, tenant, host_key, state, sequence, transport, address, first_seen, last_seen, status_at,
                                effective_hash, effective_at, drift_since, token_id, parent_uid, secret_hash, next_secret_hash, heartbeat_s)
            VALUES (@InstanceUid, @Tenant, @HostKey, @State, @Sequence, @Transport, @Address, @FirstSeen, @LastSeen, @StatusAt,
                    @EffectiveHash, @EffectiveAt, @DriftSince, @TokenId, @ParentUid, @SecretHash, @NextSecretHash, @OfferedHeartbeat)
            ON CONFLICT (uid) DO UPDATE SET tenant = @Tenant, host_key = @HostKey, state = @State, sequence = @Sequence, transport = @Transport, address = @Address,
                last_seen = @LastSeen, status_at = @StatusAt, effective_hash = @EffectiveHash, effective_at = @EffectiveAt, drift_since = @DriftSince, token_id = @TokenId,
                parent_uid = @ParentUid, secret_hash = @SecretHash, next_secret_hash = @NextSecretHash, heartbeat_s = @OfferedHeartbeat
            """, rows, transaction);
    }

    sealed class Row
    {
        public string Uid { get; init; } = "";
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public byte[] State { get; init; } = [];
        public long Sequence { get; init; }
        public string Transport { get; init; } = "";
        public string Address { get; init; } = "";
        public DateTimeOffset FirstSeen { get; init; }
        public DateTimeOffset LastSeen { get; init; }
        public DateTimeOffset? StatusAt { get; init; }
        public string? EffectiveHash { get; init; }
        public DateTimeOffset? EffectiveAt { get; init; }
        public DateTimeOffset? DriftSince { get; init; }
        public long? TokenId { get; init; }
        public string? ParentUid { get; init; }
        public string? SecretHash { get; init; }
        public string? NextSecretHash { get; init; }
        public int? HeartbeatSeconds { get; init; }
        public string? AssignedHash { get; init; }
        public long? ChangeId { get; init; }
        public DateTimeOffset? AssignedAt { get; init; }
        public long? Try { get; init; }
        public DateTimeOffset? RestartOrderedAt { get; init; }

        public AgentEntry ToEntry()
        {
            var agent = new Agent(Uid, Tenant, HostKey, HostKey)
            {
                Transport = Enum.Parse<AgentTransport>(Transport), Address = Address, FirstSeen = FirstSeen, LastSeen = LastSeen, StatusAt = StatusAt,
                EffectiveHash = EffectiveHash, EffectiveAt = EffectiveAt, DriftSince = DriftSince, TokenId = TokenId, HasOwnSecret = SecretHash is not null,
                AssignedHash = AssignedHash, ChangeId = ChangeId, AssignedAt = AssignedAt,
            };
            var entry = new AgentEntry(Guid.Parse(Uid), agent)
            {
                State = State, Sequence = (ulong)Sequence, ParentUid = ParentUid is null ? null : Guid.Parse(ParentUid), SecretHash = SecretHash, NextSecretHash = NextSecretHash,
                OfferedHeartbeat = HeartbeatSeconds, Stored = true, StoredLastSeen = LastSeen, Try = (uint)(Try ?? 0), RestartOrderedAt = RestartOrderedAt,
            };
            entry.Set(AgentMerge.Describe(agent, State.Length > 0 ? entry.ReadState() : new AgentToServer(entry.Uid), entry, null, LastSeen));
            return entry;
        }
    }
}
