using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;
using SQLitePCL;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Reads blocks by number; its buffers are used again for the next one.</summary>
internal sealed class BlockFile : IDisposable
{
    readonly Decompressor _decompressor = new();
    readonly BlockCodec.Reader _block = new();
    readonly SqliteCommand _select;
    readonly SqliteParameter _id;
    byte[] _plain = new byte[64 * 1024];

    public BlockFile(SqliteConnection reader)
    {
        _select = reader.CreateCommand();
        _select.CommandText = "SELECT data FROM block WHERE id = @id";
        _id = _select.Parameters.Add("@id", SqliteType.Integer);
    }

    /// <summary>The block, before its first series. Null for one that retention has deleted meanwhile.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public BlockCodec.Reader? Open(long id)
    {
        _id.Value = id;
        using var row = _select.ExecuteReader();
        if (!row.Read()) return null;
        // Straight from the database's page, where it lies until the row is left.
        var packed = raw.sqlite3_column_blob(row.Handle!, 0);
        var length = (int)Decompressor.GetDecompressedSize(packed);
        if (_plain.Length < length) _plain = new byte[length * 2];
        _block.Open(_plain.AsMemory(0, _decompressor.Unwrap(packed, _plain)));
        return _block;
    }

    public void Dispose()
    {
        _select.Dispose();
        _decompressor.Dispose();
    }
}
