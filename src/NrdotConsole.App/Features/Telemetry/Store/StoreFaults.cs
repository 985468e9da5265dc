namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Parts of the store that can be at fault. Only <see cref="Disk"/> stops ingest by itself: with the others a request is tried, or needs them not.</summary>
internal enum StorePart { Disk, Log, Database, Damage }

/// <summary>What is wrong now, and since when. A fault ends when the same thing works again; <see cref="StorePart.Damage"/> stays until the next start.</summary>
internal sealed class StoreFaults(TimeProvider time)
{
    readonly Lock _gate = new();
    readonly SortedDictionary<StorePart, (string Text, DateTimeOffset Since)> _faults = [];

    /// <summary>The worst one.</summary>
    public string? First
    {
        get
        {
            lock (_gate) return _faults.Count == 0 ? null : _faults.First().Value.Text;
        }
    }

    public DateTimeOffset? Since
    {
        get
        {
            lock (_gate) return _faults.Count == 0 ? null : _faults.First().Value.Since;
        }
    }

    /// <summary>Why requests are refused before they are looked at.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The log was refused its last write.</summary>
    public bool IsLogAtFault { get; private set; }

    public void Set(StorePart part, string text)
    {
        lock (_gate)
        {
            _faults[part] = (text, _faults.TryGetValue(part, out var known) ? known.Since : time.GetUtcNow());
            Note();
        }
    }

    public void Clear(StorePart part)
    {
        lock (_gate)
        {
            if (_faults.Remove(part)) Note();
        }
    }

    void Note()
    {
        Refusal = _faults.TryGetValue(StorePart.Disk, out var disk) ? disk.Text : null;
        IsLogAtFault = _faults.ContainsKey(StorePart.Log);
    }
}
