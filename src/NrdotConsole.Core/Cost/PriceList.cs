namespace NrdotConsole.Core.Cost;

/// <summary>
/// What data costs from a UTC day on: dollars a gigabyte (1e9 bytes) and dollars a million points, either of which may
/// be 0. <paramref name="Tenant"/> null is for every tenant that has no price of its own.
/// </summary>
public sealed record PriceEntry(string? Tenant, DateOnly From, decimal UsdPerGigabyte, decimal UsdPerMillionPoints = 0);

public readonly record struct Price(decimal UsdPerGigabyte, decimal UsdPerMillionPoints)
{
    /// <summary>Exact: bytes and points are whole and a division by a power of ten loses nothing.</summary>
    public decimal Of(long bytes, long points) => (bytes * UsdPerGigabyte / 1_000_000_000m) + (points * UsdPerMillionPoints / 1_000_000m);
}

/// <summary>
/// Prices by tenant and day, and the free gigabytes of a month, which the whole account shares. Prices change over the
/// years and between contracts, so each has the day it starts; a day before the first entry has the first's price.
/// </summary>
public sealed class PriceList
{
    public const decimal DefaultUsdPerGigabyte = 0.40m;
    /// <summary>0: an account's free gigabytes (New Relic: 100 a month) are usually spent on other data too, so what is shown is what this data adds.</summary>
    public const decimal DefaultFreeGigabytesPerMonth = 0m;
    public const decimal HighestUsd = 1_000m;

    readonly Dictionary<string, PriceEntry[]> _byTenant;
    readonly PriceEntry[] _general;

    public PriceList(IReadOnlyCollection<PriceEntry> entries, decimal freeGigabytesPerMonth = DefaultFreeGigabytesPerMonth)
    {
        FreeGigabytesPerMonth = freeGigabytesPerMonth;
        _byTenant = entries.Where(e => e.Tenant is not null).GroupBy(e => e.Tenant!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderBy(e => e.From).ToArray(), StringComparer.Ordinal);
        _general = [.. entries.Where(e => e.Tenant is null).OrderBy(e => e.From)];
        if (_general.Length == 0) _general = [new(null, DateOnly.MinValue, DefaultUsdPerGigabyte)];
    }

    public decimal FreeGigabytesPerMonth { get; }

    public Price At(string tenant, DateOnly day)
    {
        var entries = _byTenant.GetValueOrDefault(tenant) ?? _general;
        var entry = entries[0];
        foreach (var later in entries)
        {
            if (later.From > day) break;
            entry = later;
        }
        return new(entry.UsdPerGigabyte, entry.UsdPerMillionPoints);
    }

    /// <summary>What is wrong with the entries, each as key, value and allowed range; empty where nothing is.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<PriceEntry> entries, decimal freeGigabytesPerMonth)
    {
        var faults = new List<string>();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.UsdPerGigabyte is < 0 or > HighestUsd) faults.Add($"Cost:Prices:{i}:UsdPerGigabyte is {entry.UsdPerGigabyte}; allowed is 0 to {HighestUsd}.");
            if (entry.UsdPerMillionPoints is < 0 or > HighestUsd) faults.Add($"Cost:Prices:{i}:UsdPerMillionPoints is {entry.UsdPerMillionPoints}; allowed is 0 to {HighestUsd}.");
            if (entries.Take(i).Any(e => e.Tenant == entry.Tenant && e.From == entry.From)) faults.Add($"Cost:Prices:{i}: a second price of {entry.Tenant ?? "every tenant"} from {entry.From:yyyy-MM-dd}.");
        }
        if (freeGigabytesPerMonth is < 0 or > 1_000_000_000) faults.Add($"Cost:FreeGigabytesPerMonth is {freeGigabytesPerMonth}; allowed is 0 to 1000000000.");
        return faults;
    }
}
