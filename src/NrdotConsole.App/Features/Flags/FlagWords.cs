using System.Globalization;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.App.Features.Flags;

/// <summary>Flags in words.</summary>
internal static class FlagWords
{
    public static string Strategy(Flag flag)
    {
        var narrowed = new List<string>();
        if (flag.Rings.Count > 0 && flag.Strategy != FlagStrategy.Ring) narrowed.Add($"of ring{(flag.Rings.Count == 1 ? "" : "s")} {string.Join(", ", flag.Rings)}");
        if (flag.Tenants.Count > 0 && flag.Strategy != FlagStrategy.Tenant) narrowed.Add($"of {Names(flag.Tenants)}");
        if (flag.Hosts.Count > 0 && flag.Strategy != FlagStrategy.Canary) narrowed.Add($"among {Hosts(flag.Hosts.Count)} named");
        var whom = flag.Strategy switch
        {
            FlagStrategy.Percentage => string.Create(CultureInfo.InvariantCulture, $"{flag.Percentage:0.##} % of the hosts"),
            FlagStrategy.Canary => $"{Hosts(flag.Hosts.Count)} by name",
            FlagStrategy.Ring => $"Ring{(flag.Rings.Count == 1 ? "" : "s")} {string.Join(", ", flag.Rings)}",
            FlagStrategy.Tenant => $"Tenant{(flag.Tenants.Count == 1 ? "" : "s")} {Names(flag.Tenants)}",
            _ => "Every host",
        };
        return narrowed.Count == 0 ? whom : $"{whom} {string.Join(", ", narrowed)}";
    }

    public static string Hosts(int count) => count == 1 ? "1 host" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} hosts");

    public static string Trip(FlagTrip trip) => string.Create(CultureInfo.InvariantCulture, $"{trip.Signal} was {trip.Measured:0.###}, {trip.Bound}");

    public static string Bound(FlagGuardrail guardrail) => (guardrail.Min, guardrail.Max) switch
    {
        ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"{min:0.###} to {max:0.###}"),
        ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"at least {min:0.###}"),
        (null, { } max) => string.Create(CultureInfo.InvariantCulture, $"at most {max:0.###}"),
        _ => "",
    };

    static string Names(IReadOnlyList<string> names) => names.Count <= 3 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(2))} and {names.Count - 2} more";
}
