using Microsoft.Data.Sqlite;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Shell;

/// <summary>A fault of the world's as it stands on a page: what happened, and what mends it where that is known.</summary>
internal static class FaultWords
{
    public static string Of(Exception fault)
    {
        if (fault is not SqliteException sqlite) return fault.Message;
        var (what, hint) = SqliteFaults.Explain(sqlite);
        return $"{what} {hint}";
    }
}
