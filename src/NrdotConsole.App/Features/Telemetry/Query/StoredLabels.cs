using Microsoft.Data.Sqlite;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>The database's resources and attribute sets by number, read once. Forgets all when it holds too many.</summary>
internal sealed class StoredLabels
{
    const int MaxEntries = 300_000;

    readonly Lock _gate = new();
    readonly Dictionary<int, (string Tenant, Labels Labels)> _resources = [];
    readonly Dictionary<int, Labels> _attributes = [];

    public (string Tenant, Labels Labels) Resource(int id, SqliteConnection reader)
    {
        lock (_gate)
        {
            if (_resources.TryGetValue(id, out var known)) return known;
            if (_resources.Count >= MaxEntries) _resources.Clear();
            using var command = reader.CreateCommand();
            command.CommandText = "SELECT host.tenant, resource.labels FROM resource JOIN host ON host.id = resource.host WHERE resource.id = @id";
            command.Parameters.AddWithValue("@id", id);
            using var row = command.ExecuteReader();
            return _resources[id] = row.Read() ? (row.GetString(0), LabelBytes.Read((byte[])row[1])) : ("", Labels.Empty);
        }
    }

    public Labels Attributes(int id, SqliteConnection reader)
    {
        lock (_gate)
        {
            if (_attributes.TryGetValue(id, out var known)) return known;
            if (_attributes.Count >= MaxEntries) _attributes.Clear();
            using var command = reader.CreateCommand();
            command.CommandText = "SELECT labels FROM attributes WHERE id = @id";
            command.Parameters.AddWithValue("@id", id);
            return _attributes[id] = command.ExecuteScalar() is byte[] bytes ? LabelBytes.Read(bytes) : Labels.Empty;
        }
    }
}
