using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Reads blocks by number; its buffers are used again for the next one.</summary>
internal sealed class BlockFile(SqliteConnection reader) : IDisposable
{
    readonly Decompressor _decompressor = new();
    readonly BlockCodec.Reader _block = new();
    byte[] _plain = new byte[64 * 1024];

    /// <summary>The block, before its first series. Null for one that retention has deleted meanwhile.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public BlockCodec.Reader? Open(long id)
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT data FROM block WHERE id = @id";
        command.Parameters.AddWithValue("@id", id);
        if (command.ExecuteScalar() is not byte[] packed) return null;
        var length = (int)Decompressor.GetDecompressedSize(packed);
        if (_plain.Length < length) _plain = new byte[length * 2];
        _block.Open(_plain.AsMemory(0, _decompressor.Unwrap(packed, _plain)));
        return _block;
    }

    public void Dispose() => _decompressor.Dispose();
}
