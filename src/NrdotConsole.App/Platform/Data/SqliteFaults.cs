using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Platform.Data;

/// <summary>SQLite's result codes in words an operator can act on. See https://sqlite.org/rescode.html.</summary>
internal static class SqliteFaults
{
    public const string DamageHint = "Restore it from a backup, or move it and its -wal and -shm files away to start empty.";

    const int Error = 1, Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static StartException AtStart(SqliteException fault, string path)
    {
        var (what, hint) = Explain(fault);
        return new StartException(path, what, hint, fault);
    }

    public static (string What, string Hint) Explain(SqliteException fault) => fault.SqliteErrorCode switch
    {
        Busy or Locked => ("The database is locked by another process.", "Stop the other program that has it open."),
        ReadOnly => ("The database is read-only.", "Give this user the right to write the file and its folder."),
        Corrupt or NotADatabase => ($"The database is damaged (SQLite {fault.SqliteExtendedErrorCode}).", DamageHint),
        Full => ("The disk is full.", "Free some space."),
        IoError => ($"The disk does not answer properly (SQLite {fault.SqliteExtendedErrorCode}).", "Look at the system's log."),
        CannotOpen => ("The database cannot be opened.", "Give this user the right to read and write the file and its folder."),
        // Our statements fit our schema: what they miss was taken away by other hands.
        Error when fault.Message.Contains("no such", StringComparison.Ordinal) => ($"The database lacks what belongs in it ({fault.Message}).", DamageHint),
        _ => (fault.Message, "See the SQLite documentation for this code."),
    };

    /// <summary>SQLite's own wait: it wakes within milliseconds, where the provider's retry sleeps 150 ms.</summary>
    public static void SetBusyTimeout(SqliteConnection connection, TimeSpan timeout) =>
        SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, (int)timeout.TotalMilliseconds);
}
