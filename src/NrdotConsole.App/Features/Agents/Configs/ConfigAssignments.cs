using Dapper;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// Which configuration each agent shall run. It is durable before an agent is offered it. A connected agent is offered it at
/// once, one that polls at its next poll, one that is away when it comes back.
/// </summary>
internal sealed class ConfigAssignments(ConsoleDatabase database, AgentDirectory directory, ConfigBodies bodies, AuditLog audit, TimeProvider time) : IDisposable
{
    // One after the other, so that memory and rows end alike.
    readonly SemaphoreSlim _assigning = new(1, 1);

    /// <summary>Assigns one configuration to agents; those that have it already, from the same Change, are left as they are.</summary>
    /// <param name="uids">Those that the directory does not know are passed over: an agent can be removed meanwhile.</param>
    /// <param name="changeId">The Change on whose behalf; null for main or a person.</param>
    /// <exception cref="ArgumentException">The configuration is empty: an agent that took it would run into nothing.</exception>
    public async Task AssignAsync(IReadOnlyCollection<string> uids, CollectorConfig config, long? changeId, CancellationToken ct = default)
    {
        if (string.IsNullOrWhiteSpace(config.Yaml)) throw new ArgumentException("An empty configuration is never assigned.", nameof(config));
        await _assigning.WaitAsync(ct);
        try
        {
            await AssignInTurnAsync(uids, config, changeId, ct);
        }
        finally
        {
            _assigning.Release();
        }
    }

    async Task AssignInTurnAsync(IReadOnlyCollection<string> uids, CollectorConfig config, long? changeId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var entries = uids.Select(directory.Entry).OfType<AgentEntry>().Where(e => (e.Current.AssignedHash, e.Current.ChangeId) != (config.Hash, changeId)).Distinct().ToList();
        if (entries.Count == 0) return;
        await using (var connection = await database.OpenAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await bodies.SaveAsync(transaction, config.Hash, config.Yaml);
            await connection.ExecuteAsync(
                """
                INSERT INTO agent_assignments (uid, hash, change_id, assigned_at) VALUES (@Uid, @Hash, @changeId, @now)
                ON CONFLICT (uid) DO UPDATE SET try = CASE WHEN hash = @Hash THEN try ELSE 0 END, hash = @Hash, change_id = @changeId, assigned_at = @now
                """, entries.Select(e => new { Uid = e.Uid.ToString(), config.Hash, changeId, now }), transaction);
            await transaction.CommitAsync(ct);
        }
        foreach (var entry in entries)
        {
            lock (entry)
            {
                // The same configuration from another Change keeps its time: the agent's answer to it stands.
                var same = entry.Current.AssignedHash == config.Hash;
                if (!same) entry.Try = 0;
                directory.Publish(entry, entry.Current with { AssignedHash = config.Hash, ChangeId = changeId, AssignedAt = same ? entry.Current.AssignedAt : now });
            }
            entry.Session?.Wake();
        }
    }

    /// <summary>
    /// Assigns a configuration and has the agent try it once more though it had it: after a drift, or where it failed. Its earlier
    /// answer counts no more. The wish stands with its deed until the agent has answered it, whatever becomes of this process.
    /// </summary>
    public async Task TryAgainAsync(string uid, CollectorConfig config, AuditEntry deed, CancellationToken ct = default)
    {
        if (directory.Entry(uid) is not { } entry) return;
        await _assigning.WaitAsync(ct);
        try
        {
            var now = time.GetUtcNow();
            var nth = Math.Max(entry.Try + 1, (uint)now.ToUnixTimeSeconds());
            await using (var connection = await database.OpenAsync(ct))
            await using (var transaction = await connection.BeginTransactionAsync(ct))
            {
                await bodies.SaveAsync(transaction, config.Hash, config.Yaml);
                await connection.ExecuteAsync(
                    """
                    INSERT INTO agent_assignments (uid, hash, change_id, assigned_at, try) VALUES (@uid, @Hash, NULL, @now, @nth)
                    ON CONFLICT (uid) DO UPDATE SET hash = @Hash, change_id = NULL, assigned_at = @now, try = @nth
                    """, new { uid = entry.Uid.ToString(), config.Hash, now, nth = (long)nth }, transaction);
                await audit.AppendAsync(transaction, deed, ct);
                await transaction.CommitAsync(ct);
            }
            lock (entry)
            {
                (entry.Offered, entry.Try) = (null, nth);
                directory.Publish(entry, entry.Current with
                {
                    AssignedHash = config.Hash, ChangeId = null, AssignedAt = now, ReportedHash = null, Status = RemoteConfigStatuses.Unset, Error = null, StatusAt = now,
                });
            }
        }
        finally
        {
            _assigning.Release();
        }
        entry.Session?.Wake();
    }

    /// <summary>What an agent shall run; null where nothing is assigned.</summary>
    public CollectorConfig? Of(string uid) => directory.Find(uid)?.AssignedHash is { } hash ? ByHash(hash) : null;

    /// <summary>A configuration that was assigned to some agent once.</summary>
    public CollectorConfig? ByHash(string hash) => bodies.Find(hash) is { } yaml ? new(yaml, hash) : null;

    public void Dispose() => _assigning.Dispose();
}
