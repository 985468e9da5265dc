namespace NrdotConsole.Core.Cardinality;

/// <summary>A count of distinct identities and its relative standard error (0 where exact).</summary>
public readonly record struct IdentityCount(long Count, double RelativeError)
{
    /// <summary>Sum of disjoint counts; independent errors add as squares.</summary>
    public static IdentityCount operator +(IdentityCount a, IdentityCount b)
    {
        var count = a.Count + b.Count;
        var error = Math.Sqrt(a.Count * a.RelativeError * (a.Count * a.RelativeError) + b.Count * b.RelativeError * (b.Count * b.RelativeError));
        return new(count, count == 0 ? 0 : error / count);
    }

    public static IdentityCount Add(IdentityCount left, IdentityCount right) => left + right;
}

/// <summary>
/// Distinct identities a tenant and metric since UTC midnight, one sketch each. An identity belongs to one metric of
/// one tenant, so wider scopes are sums, not unions. Bounded: a metric beyond <see cref="MaximumSketches"/> is counted
/// in <see cref="Refused"/>, an observation of an earlier day in <see cref="Late"/>. Not thread-safe.
/// </summary>
public sealed class DailyIdentities(int precision = 14, int maximumSketches = 4_096)
{
    readonly Dictionary<(string Tenant, string Metric), HyperLogLog> _sketches = [];

    public int MaximumSketches => maximumSketches;
    public DateOnly Day { get; private set; }
    public long Late { get; private set; }
    public long Refused { get; private set; }

    /// <summary>Adds an identity (any stable 64-bit id of tenant, metric and all labels). True where it, as far as the sketch can tell, is new today.</summary>
    public bool Observe(DateTimeOffset at, string tenant, string metric, ulong identity)
    {
        if (!Turn(at)) return false;
        var sketch = Sketch(tenant, metric);
        return sketch is not null && sketch.Add(identity);
    }

    /// <summary>Begins a new day where <paramref name="at"/> is in one; false, and counted as late, where it is in an earlier one.</summary>
    public bool Turn(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (day < Day)
        {
            Late++;
            return false;
        }
        if (day > Day)
        {
            _sketches.Clear();
            Day = day;
        }
        return true;
    }

    public IdentityCount Count(string tenant, string metric) =>
        _sketches.TryGetValue((tenant, metric), out var sketch) ? Of(sketch) : default;

    /// <summary>All metrics of a tenant (an account's daily cardinality), or of all tenants where null.</summary>
    public IdentityCount Total(string? tenant = null)
    {
        IdentityCount total = default;
        foreach (var (key, sketch) in _sketches)
            if (tenant is null || key.Tenant == tenant) total += Of(sketch);
        return total;
    }

    /// <summary>By metric, of one tenant or summed over all where null, highest count first.</summary>
    public IReadOnlyList<(string Metric, IdentityCount Count)> ByMetric(string? tenant = null)
    {
        var sums = new Dictionary<string, IdentityCount>(StringComparer.Ordinal);
        foreach (var (key, sketch) in _sketches)
            if (tenant is null || key.Tenant == tenant) sums[key.Metric] = sums.GetValueOrDefault(key.Metric) + Of(sketch);
        return [.. sums.Select(p => (p.Key, p.Value)).OrderByDescending(p => p.Value.Count).ThenBy(p => p.Key, StringComparer.Ordinal)];
    }

    /// <summary>The sketches of <see cref="Day"/>, to be kept over a restart.</summary>
    public IEnumerable<(string Tenant, string Metric, byte[] Bytes)> Save() =>
        _sketches.Select(p => (p.Key.Tenant, p.Key.Metric, p.Value.ToBytes()));

    /// <summary>Merges a kept sketch into today's; false with the fault where it is of another day, another precision or damaged.</summary>
    public bool TryRestore(DateOnly day, string tenant, string metric, ReadOnlySpan<byte> bytes, out string fault)
    {
        if (!HyperLogLog.TryRead(bytes, out var kept, out fault)) return false;
        if (kept!.Precision != precision) fault = $"precision is {kept.Precision}, not {precision}";
        else if (Day == default) Day = day;
        else if (day != Day) fault = $"day is {day:O}, not {Day:O}";
        if (fault.Length > 0) return false;
        var sketch = Sketch(tenant, metric);
        if (sketch is null) fault = $"more than {maximumSketches} metrics";
        else sketch.Merge(kept);
        return sketch is not null;
    }

    HyperLogLog? Sketch(string tenant, string metric)
    {
        if (_sketches.TryGetValue((tenant, metric), out var sketch)) return sketch;
        if (_sketches.Count >= maximumSketches)
        {
            Refused++;
            return null;
        }
        return _sketches[(tenant, metric)] = new(precision);
    }

    static IdentityCount Of(HyperLogLog sketch) => new(sketch.Estimate, sketch.RelativeError);
}
