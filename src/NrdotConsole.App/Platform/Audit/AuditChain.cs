using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NrdotConsole.App.Platform.Audit;

/// <summary>
/// The hash of a row covers its every field and the hash of the row before.
/// <code>
/// SHA-256( int64 seq | int64 at, unix ms | text × 9 )      integers little-endian
/// text = int32 length in UTF-8 bytes, -1 for null | bytes
/// order: actor, actor_kind, action, target, before, after, reason, address, prev_hash
/// </code>
/// </summary>
internal static class AuditChain
{
    /// <summary>What the first row names as the hash before it.</summary>
    public static readonly string Genesis = new('0', 64);

    /// <summary>Lower-case hex.</summary>
    public static string HashOf(AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, row.Seq);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64LittleEndian(number, row.At.ToUnixTimeMilliseconds());
        hash.AppendData(number);
        foreach (var text in (ReadOnlySpan<string?>)[row.Actor, row.ActorKind, row.Action, row.Target, row.Before, row.After, row.Reason, row.Address, row.PrevHash])
        {
            var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(number, bytes?.Length ?? -1);
            hash.AppendData(number[..4]);
            if (bytes is not null) hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
