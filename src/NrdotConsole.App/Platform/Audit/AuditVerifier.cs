using System.Data.Common;
using Dapper;

namespace NrdotConsole.App.Platform.Audit;

/// <summary>What a check of the whole chain found.</summary>
/// <param name="Rows">Rows read, the broken one included.</param>
/// <param name="BrokenSeq">The first row that does not fit; null when all do.</param>
/// <param name="HeadHash">The hash of the last sound row. Noted elsewhere, it also proves that nothing was cut off the end.</param>
internal sealed record AuditVerdict(long Rows, long? BrokenSeq, string? Fault, string HeadHash)
{
    public bool Sound => BrokenSeq is null;
}

/// <summary>Walks the chain from its first row; stops at the first that does not fit.</summary>
internal static class AuditVerifier
{
    public static async Task<AuditVerdict> VerifyAsync(DbConnection connection, CancellationToken ct = default)
    {
        const string sql =
            """
            SELECT seq, at, actor, actor_kind AS ActorKind, action, target, before, after, reason, address, prev_hash AS PrevHash, hash
            FROM audit ORDER BY seq
            """;
        long rows = 0;
        var head = AuditChain.Genesis;
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, cancellationToken: ct));
        var parse = reader.GetRowParser<AuditRow>();
        while (await reader.ReadAsync(ct))
        {
            var row = parse(reader);
            rows++;
            var fault = row.Seq != rows ? $"row {rows} is missing"
                : row.PrevHash != head ? "it does not follow the row before"
                : row.Hash != AuditChain.HashOf(row) ? "its content does not match its hash"
                : null;
            if (fault is not null) return new(rows, rows, fault, head);
            head = row.Hash;
        }
        return new(rows, null, null, head);
    }
}
