using System.Data.Common;

namespace NrdotConsole.App.Platform.Data;

/// <summary>The control plane's database, <c>console.db</c>: opens pooled connections, runs the numbered migrations at start.</summary>
internal sealed class ConsoleDatabase
{
    public ValueTask<DbConnection> OpenAsync(CancellationToken ct = default) => throw new NotImplementedException();
}
