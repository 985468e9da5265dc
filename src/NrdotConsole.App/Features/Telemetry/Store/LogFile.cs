using Microsoft.Win32.SafeHandles;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>A segment of the log on disk. A seam: tests give one whose disk is full.</summary>
internal interface ILogFile : IDisposable
{
    void Write(long at, ReadOnlySpan<byte> bytes);
    void Cut(long length);
    void Sync();
}

internal sealed class LogFile(string path) : ILogFile
{
    readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);

    public void Write(long at, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, at);
    public void Cut(long length) => RandomAccess.SetLength(_handle, length);
    public void Sync() => RandomAccess.FlushToDisk(_handle);
    public void Dispose() => _handle.Dispose();
}
