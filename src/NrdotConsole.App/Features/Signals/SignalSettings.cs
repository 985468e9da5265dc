using System.Globalization;
using System.Text.RegularExpressions;
using NrdotConsole.App.Platform;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Text;

namespace NrdotConsole.App.Features.Signals;

/// <summary>Executables that every host whose name matches must run. A tenant of null is every tenant.</summary>
internal sealed record DeclaredProcesses(string? Tenant, Regex Hosts, IReadOnlyList<string> Executables);

/// <summary>What the signals are computed with. All from configuration; every fault is named at start.</summary>
internal sealed record SignalSettings
{
    /// <summary><c>Cost:UsdPerGigabyte</c>, <c>Cost:Prices:N:{Tenant,From,UsdPerGigabyte,UsdPerMillionPoints}</c>, <c>Cost:FreeGigabytesPerMonth</c>.</summary>
    public PriceList Prices { get; init; } = new([]);

    /// <summary><c>Cardinality:DailyLimitPerMetric</c>, <c>Cardinality:DailyLimitPerAccount</c>.</summary>
    public CardinalityLimits Limits { get; init; } = new();

    /// <summary><c>Coverage:Declared:N:{Tenant,Hosts,Executables}</c>.</summary>
    public IReadOnlyList<DeclaredProcesses> Declared { get; init; } = [];

    /// <summary><c>Fleet:ForgetHostAfterHours</c>: a host silent for so long leaves the fleet.</summary>
    public TimeSpan ForgetHostAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary><c>Coverage:MaxProcessesPerHost</c>: identities beyond are not followed, and counted.</summary>
    public int MaxProcessesPerHost { get; init; } = 4_096;

    /// <summary><c>Anomalies:MaxWatched</c>: processes that have detectors, about 1.3 KB each.</summary>
    public int MaxWatched { get; init; } = 120_000;

    /// <summary><c>Fleet:MaxTenants</c>: tenants beyond are counted in the fleet only.</summary>
    public int MaxTenants { get; init; } = 200;

    public static SignalSettings Read(IConfiguration configuration)
    {
        var faults = new List<string>();
        var prices = new List<PriceEntry> { new(null, DateOnly.MinValue, Number(configuration, "Cost:UsdPerGigabyte", PriceList.DefaultUsdPerGigabyte, faults)) };
        foreach (var entry in configuration.GetSection("Cost:Prices").GetChildren())
        {
            if (!DateOnly.TryParseExact(entry["From"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
                faults.Add($"{entry.Path}:From is '{entry["From"]}'; allowed is a day as yyyy-MM-dd.");
            prices.Add(new(entry["Tenant"], from, Number(entry, "UsdPerGigabyte", 0, faults), Number(entry, "UsdPerMillionPoints", 0, faults)));
        }
        var free = Number(configuration, "Cost:FreeGigabytesPerMonth", PriceList.DefaultFreeGigabytesPerMonth, faults);
        faults.AddRange(PriceList.Faults(prices, free));

        var defaults = new SignalSettings();
        var settings = defaults with
        {
            Prices = new(prices, free),
            Limits = new(
                (long)Number(configuration, "Cardinality:DailyLimitPerMetric", defaults.Limits.PerMetric, faults, 1, 1_000_000_000),
                (long)Number(configuration, "Cardinality:DailyLimitPerAccount", defaults.Limits.PerAccount, faults, 1, 1_000_000_000_000)),
            Declared = [.. configuration.GetSection("Coverage:Declared").GetChildren().Select(s => Declaration(s, faults)).OfType<DeclaredProcesses>()],
            ForgetHostAfter = TimeSpan.FromHours((double)Number(configuration, "Fleet:ForgetHostAfterHours", 24, faults, 1, 8760)),
            MaxProcessesPerHost = (int)Number(configuration, "Coverage:MaxProcessesPerHost", defaults.MaxProcessesPerHost, faults, 1, 100_000),
            MaxWatched = (int)Number(configuration, "Anomalies:MaxWatched", defaults.MaxWatched, faults, 0, 10_000_000),
            MaxTenants = (int)Number(configuration, "Fleet:MaxTenants", defaults.MaxTenants, faults, 1, 10_000),
        };
        if (faults.Count > 0) throw new StartException("Configuration", string.Join(" ", faults), "Mend these settings.");
        return settings;
    }

    static DeclaredProcesses? Declaration(IConfigurationSection section, List<string> faults)
    {
        var executables = section.GetSection("Executables").Get<string[]>() ?? [];
        if (executables.Length is 0 or > 200) faults.Add($"{section.Path}:Executables names {executables.Length}; allowed is 1 to 200.");
        try
        {
            return new(section["Tenant"], LinearRegex.Of(section["Hosts"] ?? ""), executables);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            faults.Add($"{section.Path}:Hosts is '{section["Hosts"]}'; allowed is a regular expression without look-around: {fault.Message}");
            return null;
        }
    }

    static decimal Number(IConfiguration from, string key, decimal otherwise, List<string> faults, decimal least = decimal.MinValue, decimal most = decimal.MaxValue)
    {
        if (from[key] is not { Length: > 0 } text) return otherwise;
        var path = from is IConfigurationSection section ? $"{section.Path}:{key}" : key;
        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)) faults.Add($"{path} is '{text}'; allowed is a number.");
        else if (value < least || value > most) faults.Add($"{path} is {text}; allowed is {least} to {most}.");
        else return value;
        return otherwise;
    }
}
