namespace NrdotConsole.App.Platform.Live;

/// <summary>
/// The newest value of something many viewers watch: one immutable object, one reference swapped. The ticker publishes;
/// components and the hub listen. Handlers must return at once and throw nothing.
/// </summary>
public sealed class Live<T> where T : class
{
    T? _current;

    public event Action<T>? Changed;

    /// <summary>Null before the first publication.</summary>
    public T? Current => Volatile.Read(ref _current);

    /// <summary>Somebody listens.</summary>
    public bool IsWatched => Changed is not null;

    public void Publish(T value)
    {
        Volatile.Write(ref _current, value);
        Changed?.Invoke(value);
    }
}
