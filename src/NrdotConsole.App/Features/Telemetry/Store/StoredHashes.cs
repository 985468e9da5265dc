using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>The host hash of stored resources: what orders series within blocks. Forgets all when it holds too many.</summary>
internal sealed class StoredHashes
{
    const int MaxEntries = 500_000;

    readonly Dictionary<int, uint> _hashes = [];

    public uint Of(int resource, SqliteConnection reader)
    {
        if (_hashes.TryGetValue(resource, out var hash)) return hash;
        if (_hashes.Count >= MaxEntries) _hashes.Clear();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT host.key FROM resource JOIN host ON host.id = resource.host WHERE resource.id = @id";
        command.Parameters.AddWithValue("@id", resource);
        return _hashes[resource] = command.ExecuteScalar() is string key ? ResourceTable.HashOf(key) : 0;
    }
}
