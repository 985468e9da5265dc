namespace NrdotConsole.Benchmarks;

internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nrdot-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
