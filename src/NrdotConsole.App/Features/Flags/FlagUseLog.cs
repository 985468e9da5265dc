namespace NrdotConsole.App.Features.Flags;

/// <summary>One answer given: for whom, to which caller.</summary>
internal sealed record FlagAnswer(string Key, DateTimeOffset At, string TargetingKey, string Tenant, string Caller, bool Value, string Reason, string Why);

/// <summary>Of one flag since the console started: answers by value, and when the last one was given.</summary>
internal sealed record FlagCount(long On, long Off, DateTimeOffset? LastAt);

/// <summary>Who evaluated what lately: the newest <see cref="Capacity"/> answers of all flags and counts by flag, in memory; the totals are written down now and then.</summary>
internal sealed class FlagUseLog(TimeProvider time)
{
    public const int Capacity = 2_000;

    /// <summary>Flags counted; keys come from the repository, which holds fewer.</summary>
    const int MostFlags = 2_000;

    readonly Lock _lock = new();
    readonly Queue<FlagAnswer> _answers = new();
    readonly Dictionary<string, FlagCount> _counts = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _unwritten = new(StringComparer.Ordinal);

    public void Add(FlagAnswer answer)
    {
        lock (_lock)
        {
            _answers.Enqueue(answer);
            if (_answers.Count > Capacity) _answers.Dequeue();
            if (!_counts.TryGetValue(answer.Key, out var count) && _counts.Count >= MostFlags) return;
            count ??= new(0, 0, null);
            _counts[answer.Key] = new(count.On + (answer.Value ? 1 : 0), count.Off + (answer.Value ? 0 : 1), answer.At);
            _unwritten[answer.Key] = _unwritten.GetValueOrDefault(answer.Key) + 1;
        }
    }

    /// <summary>The newest first; of one flag or of all.</summary>
    public IReadOnlyList<FlagAnswer> Recent(string? key, int limit)
    {
        lock (_lock) return [.. _answers.Where(a => key is null || a.Key == key).Reverse().Take(limit)];
    }

    public FlagCount CountOf(string key)
    {
        lock (_lock) return _counts.GetValueOrDefault(key) ?? new(0, 0, null);
    }

    /// <summary>What has come since the last taking.</summary>
    public IReadOnlyList<FlagUse> TakeUnwritten()
    {
        lock (_lock)
        {
            var uses = _unwritten.Select(u => new FlagUse(u.Key, _counts[u.Key].LastAt ?? time.GetUtcNow(), u.Value)).ToList();
            _unwritten.Clear();
            return uses;
        }
    }

    /// <summary>Those could not be written.</summary>
    public void PutBack(IReadOnlyList<FlagUse> uses)
    {
        lock (_lock)
        {
            foreach (var use in uses) _unwritten[use.Key] = _unwritten.GetValueOrDefault(use.Key) + use.Evaluations;
        }
    }
}
