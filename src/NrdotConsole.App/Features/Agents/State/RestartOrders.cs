using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// Orders to restart, from a person's word to the agent's ear. One waits as a row, whatever becomes of this process; the row
/// goes before the order is sent, so that no agent is told twice; after <see cref="Lifetime"/> it ends, and that is in the audit log.
/// </summary>
internal sealed class RestartOrders(ConsoleDatabase database, AuditLog audit, TimeProvider time)
{
    /// <summary>A restart that comes much later than it was asked for is a surprise.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Keeps the order with its deed. A second one before the first was delivered takes its place.</summary>
    public async Task GiveAsync(AgentEntry entry, AuditEntry deed, CancellationToken ct = default)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        await using (var connection = await database.OpenAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO agent_restarts (uid, ordered_at, ordered_by) VALUES (@uid, @now, @by)
                ON CONFLICT (uid) DO UPDATE SET ordered_at = @now, ordered_by = @by
                """, new { uid = entry.Uid.ToString(), now, by = deed.Actor.Name }, transaction);
            await audit.AppendAsync(transaction, deed, ct);
            await transaction.CommitAsync(ct);
        }
        AgentSession? session;
        lock (entry)
        {
            entry.RestartOrderedAt = now;
            session = entry.Session;
        }
        session?.Wake();
    }

    /// <summary>
    /// Takes the order to be sent with what the agent is told next, where one waits. Called outside the entry's lock: who writes
    /// agents holds the database and then asks for that lock.
    /// </summary>
    public void TryTake(AgentEntry entry)
    {
        if (entry.RestartOrderedAt is not { } orderedAt || !entry.Current.Can(AgentCapabilities.AcceptsRestartCommand) || time.GetUtcNow() - orderedAt > Lifetime) return;
        try
        {
            using var connection = database.OpenAsync().AsTask().GetAwaiter().GetResult();
            var isTaken = connection.Execute("DELETE FROM agent_restarts WHERE uid = @uid AND ordered_at = @orderedAt", new { uid = entry.Uid.ToString(), orderedAt }) > 0;
            lock (entry)
            {
                entry.RestartTaken |= isTaken;
                if (entry.RestartOrderedAt == orderedAt) entry.RestartOrderedAt = null;
            }
        }
        catch (DbException)
        {
            // It waits on: the agent comes again within a heartbeat.
        }
    }

    /// <summary>Ends orders that could not be delivered in time.</summary>
    public async Task ExpireAsync(IEnumerable<AgentEntry> entries, CancellationToken ct = default)
    {
        foreach (var entry in entries)
        {
            if (entry.RestartOrderedAt is not { } orderedAt || time.GetUtcNow() - orderedAt <= Lifetime) continue;
            await using (var connection = await database.OpenAsync(ct))
            await using (var transaction = await connection.BeginTransactionAsync(ct))
            {
                var by = await connection.QuerySingleOrDefaultAsync<string>(
                    "DELETE FROM agent_restarts WHERE uid = @uid AND ordered_at = @orderedAt RETURNING ordered_by", new { uid = entry.Uid.ToString(), orderedAt }, transaction);
                if (by is not null)
                {
                    await audit.AppendAsync(transaction, new(
                        Actor.System, "agent.restart_expired", $"agent:{entry.Uid}", Before: new { OrderedAt = orderedAt, OrderedBy = by },
                        Reason: $"The agent was not there for {Lifetime.TotalMinutes:0} minutes to be told."), ct);
                }
                await transaction.CommitAsync(ct);
            }
            lock (entry)
                if (entry.RestartOrderedAt == orderedAt) entry.RestartOrderedAt = null;
        }
    }
}
