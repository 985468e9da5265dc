namespace NrdotConsole.Core.Cardinality;

/// <summary>A key with its count: never below the truth, above it by at most <see cref="Overcount"/>.</summary>
public readonly record struct TopCount<TKey>(TKey Key, long Count, long Overcount);

/// <summary>
/// The most frequent keys of a stream in bounded memory (Metwally, Agrawal, El Abbadi 2005, "Space-Saving"): a new key
/// takes the place of the rarest one and inherits its count as possible overcount. With N counted and capacity k no
/// count is off by more than N / k, and every key with more than N / k is held. A heap by count finds the rarest. Not thread-safe.
/// </summary>
public sealed class TopCounter<TKey> where TKey : notnull
{
    readonly TopCount<TKey>[] _heap;
    readonly Dictionary<TKey, int> _at;

    public TopCounter(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _heap = new TopCount<TKey>[capacity];
        _at = new(capacity);
    }

    public int Capacity => _heap.Length;
    public long Total { get; private set; }

    /// <summary>No count is above the truth by more than this.</summary>
    public long ErrorBound => _at.Count < Capacity ? 0 : _heap[0].Count;

    public void Add(TKey key, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Total += count;
        if (_at.TryGetValue(key, out var slot))
        {
            _heap[slot] = _heap[slot] with { Count = _heap[slot].Count + count };
            SiftDown(slot);
        }
        else if (_at.Count < Capacity)
        {
            slot = _at.Count;
            Put(slot, new(key, count, 0));
            SiftUp(slot);
        }
        else
        {
            var rarest = _heap[0];
            _at.Remove(rarest.Key);
            Put(0, new(key, rarest.Count + count, rarest.Count));
            SiftDown(0);
        }
    }

    /// <summary>The highest counts, descending.</summary>
    public IReadOnlyList<TopCount<TKey>> Top(int n) => [.. _heap.Take(_at.Count).OrderByDescending(c => c.Count).ThenBy(c => c.Overcount).Take(n)];

    void Put(int slot, TopCount<TKey> entry)
    {
        _heap[slot] = entry;
        _at[entry.Key] = slot;
    }

    void SiftUp(int slot)
    {
        var entry = _heap[slot];
        for (int parent; slot > 0 && _heap[parent = (slot - 1) / 2].Count > entry.Count; slot = parent) Put(slot, _heap[parent]);
        Put(slot, entry);
    }

    void SiftDown(int slot)
    {
        var entry = _heap[slot];
        for (int child; (child = 2 * slot + 1) < _at.Count; slot = child)
        {
            if (child + 1 < _at.Count && _heap[child + 1].Count < _heap[child].Count) child++;
            if (_heap[child].Count >= entry.Count) break;
            Put(slot, _heap[child]);
        }
        Put(slot, entry);
    }
}
