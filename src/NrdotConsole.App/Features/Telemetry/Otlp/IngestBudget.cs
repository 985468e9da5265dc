namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>Counts what all requests in flight hold. It never waits: who finds it spent is told to come again.</summary>
internal sealed class IngestBudget(OtlpSettings settings)
{
    long _bytes;
    int _requests;

    public long Bytes => Volatile.Read(ref _bytes);
    public int Requests => Volatile.Read(ref _requests);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _requests) <= settings.MaxRequestsInFlight) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _requests);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= settings.MaxBytesInFlight) return true;
        Give(bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
