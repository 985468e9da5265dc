using System.Globalization;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Every accepted request, written before it is acknowledged, in segments named by their first sequence: <c>wal/000000000001.wal</c>.
/// A segment goes when the database holds all its points. Called under the store's lock, but for <see cref="Sync"/>.
/// </summary>
internal sealed class WriteAheadLog : IDisposable
{
    public const long SegmentBytes = 64 << 20;

    readonly string _directory;
    readonly Func<string, ILogFile> _open;
    readonly List<(long First, string Path, long Bytes)> _closed = [];
    ILogFile? _file;
    string _path = "";
    long _first, _length;
    volatile bool _dirty;

    public WriteAheadLog(string directory, Func<string, ILogFile>? open = null)
    {
        _directory = directory;
        _open = open ?? (path => new LogFile(path));
        Directory.CreateDirectory(directory);
    }

    public long LastSequence { get; private set; }
    public long Bytes => _closed.Sum(s => s.Bytes) + _length;

    /// <summary>What was damaged when the log was read, and is lost; null when nothing was.</summary>
    public string? Damage { get; private set; }

    /// <summary>Reads all that a former process logged, in order. Its unfinished last record, never acknowledged, is no damage.</summary>
    public void Replay(long lastSealed, Action<LoggedRequest> each)
    {
        LastSequence = lastSealed;
        using var decompressor = new Decompressor();
        var paths = Directory.GetFiles(_directory, "*.wal").Order(StringComparer.Ordinal).ToArray();
        for (var i = 0; i < paths.Length; i++)
        {
            var first = long.Parse(Path.GetFileNameWithoutExtension(paths[i]), CultureInfo.InvariantCulture);
            var bytes = File.ReadAllBytes(paths[i]);
            ReplaySegment(paths[i], bytes, i == paths.Length - 1, decompressor, each);
            _closed.Add((first, paths[i], bytes.Length));
        }
    }

    void ReplaySegment(string path, byte[] bytes, bool isLast, Decompressor decompressor, Action<LoggedRequest> each)
    {
        var lost = 0;
        for (int at = 0, length; at < bytes.Length; at += length)
        {
            if (LogRecord.TryRead(bytes, at, decompressor, out var request, out length))
            {
                LastSequence = Math.Max(LastSequence, request.Sequence);
                each(request);
                continue;
            }
            var isTail = length == 0 || at + length == bytes.Length;
            if (isLast && isTail) break;
            lost += length == 0 ? bytes.Length - at : length;
            if (length == 0) break;
        }
        if (lost > 0) Damage = $"{path}: {lost} bytes of logged requests were damaged and are lost. Check the disk.";
    }

    /// <exception cref="IOException">Nothing was appended.</exception>
    public void Append(LogRecord record, long receivedMs)
    {
        if (_file is null || _length >= SegmentBytes) Roll();
        var bytes = record.Seal(LastSequence + 1, receivedMs);
        try
        {
            _file!.Write(_length, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close();
            throw;
        }
        _length += bytes.Length;
        LastSequence++;
        _dirty = true;
    }

    void Roll()
    {
        Close();
        _first = LastSequence + 1;
        _path = Path.Combine(_directory, $"{_first:D12}.wal");
        _file = _open(_path);
        _file.Cut(0);
    }

    /// <summary>Leaves the segment as far as it is whole; the next append begins a new one.</summary>
    void Close()
    {
        if (_file is null) return;
        try
        {
            _file.Cut(_length);
            _file.Sync();
        }
        catch (IOException)
        {
            // The unfinished record at its end fails its checksum: it is cut when it is read.
        }
        _file.Dispose();
        _file = null;
        if (_length > 0) _closed.Add((_first, _path, _length));
        _length = 0;
    }

    /// <summary>To the disk itself, so that a power cut loses at most what came since.</summary>
    public void Sync()
    {
        if (!_dirty) return;
        _dirty = false;
        try
        {
            _file?.Sync();
        }
        catch (ObjectDisposedException)
        {
            // The segment was closed meanwhile, and written through by that.
        }
    }

    /// <summary>Deletes the segments of which the database holds everything.</summary>
    public void DeleteThrough(long sequence)
    {
        if (_file is not null && _length > 0 && LastSequence <= sequence) Close();
        for (var i = 0; i < _closed.Count;)
        {
            var next = i + 1 < _closed.Count ? _closed[i + 1].First : _file is not null ? _first : LastSequence + 1;
            if (next - 1 > sequence) return;
            File.Delete(_closed[i].Path);
            _closed.RemoveAt(i);
        }
    }

    public void Dispose()
    {
        Sync();
        Close();
    }
}
