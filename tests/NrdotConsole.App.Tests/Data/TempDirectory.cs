using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Tests.Data;

/// <summary>A data directory of its own, gone after the test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public DataDirectory Data { get; } = DataDirectory.Open(Path.Combine(Path.GetTempPath(), "nrdot-" + Guid.NewGuid().ToString("n")));

    public ConsoleDatabase OpenDatabase(TimeProvider? time = null) => ConsoleDatabase.Open(Data, Migration.Embedded, time ?? TimeProvider.System);

    public void Dispose() => Directory.Delete(Data.Path, recursive: true);
}
