namespace NrdotConsole.App.Features.Signals;

/// <summary>The <paramref name="limit"/> items of highest rank, of any number offered.</summary>
internal sealed class Foremost<T>(int limit)
{
    readonly PriorityQueue<T, double> _kept = new(limit + 1);

    public void Offer(T item, double rank)
    {
        if (_kept.Count < limit) _kept.Enqueue(item, rank);
        else _kept.EnqueueDequeue(item, rank);
    }

    /// <summary>Highest rank first.</summary>
    public IReadOnlyList<T> InOrder()
    {
        var items = new T[_kept.Count];
        for (var i = items.Length - 1; i >= 0; i--) items[i] = _kept.Dequeue();
        return items;
    }
}
