using System.Data.Common;

namespace NrdotConsole.App.Platform.Data;

/// <summary>Changes to rows of which a copy stands in memory: one at a time, so that the newest copy is the last one swapped in.</summary>
internal sealed class SerialChanges(ConsoleDatabase database) : IDisposable
{
    readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="change">False: nothing to do; nothing is committed.</param>
    /// <param name="reload">Reads the rows and swaps the copy.</param>
    public async Task<bool> RunAsync(Func<DbTransaction, Task<bool>> change, Func<DbConnection, Task> reload, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await using var connection = await database.OpenAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (!await change(transaction)) return false;
            await transaction.CommitAsync(ct);
            await reload(connection);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
