namespace NrdotConsole.Core.Cost;

/// <summary>Bytes and points that one tenant sent on one UTC day.</summary>
public readonly record struct DayUsage(string Tenant, DateOnly Day, long Bytes, long Points);

/// <summary>Dollars after the free gigabytes. A day's part of the free gigabytes is its part of the month's bytes.</summary>
public readonly record struct DayCost(DayUsage Usage, decimal Usd);

/// <summary>
/// What was sent this month, by tenant and day, and what it costs. Money comes from summed bytes and points, never from
/// summed rates, so it does not matter in how many pieces they were counted. Not thread-safe.
/// </summary>
public sealed class CostLedger(PriceList prices)
{
    readonly Dictionary<(string Tenant, DateOnly Day), DayUsage> _days = [];

    public PriceList Prices { get; } = prices;

    public IReadOnlyCollection<DayUsage> Days => _days.Values;

    public void Add(DayUsage usage)
    {
        var key = (usage.Tenant, usage.Day);
        var (bytes, points) = _days.TryGetValue(key, out var known) ? (known.Bytes, known.Points) : default;
        _days[key] = usage with { Bytes = bytes + usage.Bytes, Points = points + usage.Points };
    }

    /// <summary>Drops the days of other months than today's.</summary>
    public void Forget(DateOnly today)
    {
        foreach (var key in _days.Keys.Where(k => k.Day.Year != today.Year || k.Day.Month != today.Month).ToList()) _days.Remove(key);
    }

    /// <summary>
    /// The cost of every tenant and day kept, with <paramref name="more"/> (a projection's usage) added. The parts sum to
    /// the whole: the free bytes are divided by the largest remainder.
    /// </summary>
    public IReadOnlyList<DayCost> Costs(IEnumerable<DayUsage>? more = null)
    {
        DayUsage[] usage = [.. _days.Values, .. more ?? []];
        var total = usage.Sum(u => (decimal)u.Bytes);
        var freeBytes = (long)Math.Min(total, Prices.FreeGigabytesPerMonth * 1_000_000_000m);
        var free = Shares.Split(freeBytes, [.. usage.Select(u => u.Bytes)]);
        var costs = new DayCost[usage.Length];
        for (var i = 0; i < usage.Length; i++)
        {
            var day = usage[i];
            costs[i] = new(day, Prices.At(day.Tenant, day.Day).Of(day.Bytes - free[i], day.Points));
        }
        return costs;
    }
}
