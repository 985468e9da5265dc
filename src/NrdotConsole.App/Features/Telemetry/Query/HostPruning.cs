using Microsoft.Data.Sqlite;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>
/// The hosts that a query's conditions leave, so that only blocks that can hold one are read. A condition "label = value" leaves the hosts of the
/// resources that bear it, unless a point's attributes bear it too: those may lie anywhere.
/// </summary>
internal static class HostPruning
{
    /// <summary>In larger tables no label but <c>host.id</c> is looked for: reading the blocks costs less.</summary>
    const int MaxRowsLookedThrough = 200_000;

    /// <summary>More hosts than these are in most blocks anyway.</summary>
    const int MaxHosts = 1000;

    /// <summary>Hashes of the hosts, ascending; null for all.</summary>
    public static uint[]? Hosts(IReadOnlyList<LabelFilter> filters, SqliteConnection reader)
    {
        HashSet<uint>? hosts = null;
        foreach (var filter in filters)
        {
            if (filter is not { Match: LabelMatch.Equal, Value.Length: > 0 } || filter.Key == SeriesLabels.Tenant || filter.Key.StartsWith("resource.", StringComparison.Ordinal)) continue;
            var pair = LabelBytes.Pair(filter.Key, filter.Value);
            if (!IsSmall("attributes", reader) || Rows("SELECT 1 FROM attributes WHERE instr(labels, @pair) > 0 LIMIT 1", pair, reader).Count > 0) continue;
            var found = filter.Key == "host.id" ? [filter.Value]
                : !IsSmall("resource", reader) ? null
                : Rows($"SELECT DISTINCT host.key FROM resource JOIN host ON host.id = resource.host WHERE instr(resource.labels, @pair) > 0 LIMIT {MaxHosts + 1}", pair, reader);
            if (found is null || found.Count > MaxHosts) continue;
            var hashes = found.Select(ResourceTable.HashOf).ToHashSet();
            if (hosts is null) hosts = hashes;
            else hosts.IntersectWith(hashes);
        }
        return hosts is null ? null : [.. hosts.Order()];
    }

    public static bool Holds(in BlockRef block, uint[] hosts)
    {
        var at = Array.BinarySearch(hosts, block.HostFrom);
        if (at >= 0) return true;
        return ~at < hosts.Length && hosts[~at] <= block.HostTo;
    }

    static bool IsSmall(string table, SqliteConnection reader)
    {
        using var command = reader.CreateCommand();
        command.CommandText = $"SELECT coalesce(max(id) - min(id), 0) FROM {table}";
        return (long)command.ExecuteScalar()! <= MaxRowsLookedThrough;
    }

    static List<string> Rows(string sql, byte[] pair, SqliteConnection reader)
    {
        using var command = reader.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@pair", pair);
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }
}
