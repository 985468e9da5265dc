using Microsoft.Data.Sqlite;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Cli;

/// <summary><c>audit verify [--data DIR]</c>: reads only, also beside a running console. Exit code 0: sound; 1: broken, or not readable.</summary>
internal static class AuditVerifyCommand
{
    public static async Task<int> RunAsync(string dataDirectory, TextWriter output)
    {
        var path = Path.Combine(Path.GetFullPath(dataDirectory), "console.db");
        if (!File.Exists(path))
        {
            await output.WriteLineAsync($"{path}: there is no such database. Name the data directory by --data.");
            return 1;
        }
        try
        {
            UnixMsHandler.Register();
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync();
            var verdict = await AuditVerifier.VerifyAsync(connection);
            await output.WriteLineAsync(verdict.Sound
                ? $"{path}: {verdict.Rows} rows, the chain is whole. Head: {verdict.HeadHash}"
                : $"{path}: broken at row {verdict.BrokenSeq}: {verdict.Fault}. The {verdict.Rows - 1} rows before it are sound.");
            return verdict.Sound ? 0 : 1;
        }
        catch (SqliteException fault)
        {
            var (what, hint) = SqliteFaults.Explain(fault);
            await output.WriteLineAsync($"{path}: {what} {hint}");
            return 1;
        }
    }
}
