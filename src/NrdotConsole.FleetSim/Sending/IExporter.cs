namespace NrdotConsole.FleetSim.Sending;

public enum ExportOutcome
{
    Accepted,
    /// <summary>A passing fault: the same bytes may be sent again.</summary>
    Retry,
    /// <summary>The receiver will never take these bytes.</summary>
    Refused,
}

/// <param name="Rejected">Points that an accepting receiver says it did not take (partial success).</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
public readonly record struct ExportResult(ExportOutcome Outcome, long Rejected = 0, TimeSpan? RetryAfter = null, string Message = "");

/// <summary>One attempt at one request. A seam: HTTP and gRPC. Not safe for concurrent use: each lane has its own.</summary>
public interface IExporter : IDisposable
{
    Task<ExportResult> ExportAsync(ReadOnlyMemory<byte> request, CancellationToken cancel);
}
