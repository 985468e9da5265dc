namespace NrdotConsole.FleetSim.Sending;

/// <summary>What became of the points. Sent + refused + dropped + waiting is all that was handed over.</summary>
public sealed class SendCounters
{
    long _sent, _refused, _dropped, _waiting, _requests, _retries, _bytes;

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>The receiver would not have them.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>We gave them up: a lane was full, or retrying took too long.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);
    public long Waiting => Interlocked.Read(ref _waiting);
    public long Requests => Interlocked.Read(ref _requests);
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Of requests before compression.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The last thing that went wrong, in the receiver's words.</summary>
    public string LastProblem { get; private set; } = "";

    internal void Queued(int points) => Interlocked.Add(ref _waiting, points);

    internal void Overflowed(int points) => Interlocked.Add(ref _dropped, points);

    internal void Finished(int points, int bytes, ExportResult result)
    {
        var refused = result.Outcome == ExportOutcome.Accepted ? Math.Clamp(result.Rejected, 0, points) : result.Outcome == ExportOutcome.Refused ? points : 0;
        Interlocked.Add(ref _waiting, -points);
        Interlocked.Add(ref _refused, refused);
        if (result.Outcome == ExportOutcome.Retry) Interlocked.Add(ref _dropped, points);
        else Interlocked.Add(ref _sent, points - refused);
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
        Note(result);
    }

    internal void Retried(ExportResult result)
    {
        Interlocked.Increment(ref _retries);
        Note(result);
    }

    void Note(ExportResult result)
    {
        if (result.Message.Length > 0) LastProblem = result.Message;
    }
}
