namespace NrdotConsole.Protocol.Otlp;

/// <summary>How reading a request went. Where it is malformed, <see cref="Offset"/> is the byte and <see cref="Path"/> the message that could not be read.</summary>
public readonly record struct OtlpReadResult
{
    OtlpReadResult(long points, int offset, string path, string? reason) => (Points, Offset, Path, Reason) = (points, offset, path, reason);

    public bool IsOk => Reason is null;

    /// <summary>Points handed to the sink: all of the request's, or those before the fault.</summary>
    public long Points { get; }

    public int Offset { get; }
    public string Path { get; }
    public string? Reason { get; }

    public static OtlpReadResult Ok(long points) => new(points, 0, "", null);

    public static OtlpReadResult Malformed(long points, int offset, string path, string reason) => new(points, offset, path, reason);

    public override string ToString() => Reason is null
        ? $"{Points} points"
        : $"{(Path.Length == 0 ? "the request" : Path)}, byte {Offset}: {Reason}";
}
