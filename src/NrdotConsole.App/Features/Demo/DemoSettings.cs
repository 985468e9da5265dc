using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Demo;

/// <summary>The fleet that plays beside the console. Lengths are FleetSim's: 10s, 30m.</summary>
internal sealed record DemoSettings(bool Enabled, int Hosts, string Interval, string Backfill)
{
    /// <summary>Short for <c>Demo:Enabled=true</c>.</summary>
    public const string Flag = "--demo";

    const int MostHosts = 100_000;

    /// <summary>Turns the flag into the setting: the host's own reader would take the next word for its value.</summary>
    public static string[] Spell(string[] args) => [.. args.Select(a => a == Flag ? "--Demo:Enabled=true" : a)];

    public static DemoSettings From(IConfiguration configuration)
    {
        var enabled = configuration["Demo:Enabled"] ?? "false";
        var hosts = configuration["Demo:Hosts"] ?? "60";
        if (!bool.TryParse(enabled, out var on)) throw new StartException("Demo:Enabled", $"'{enabled}' is not understood.", "It may be true or false.");
        if (!int.TryParse(hosts, out var count) || count is < 0 or > MostHosts) throw new StartException("Demo:Hosts", $"'{hosts}' is not understood.", $"It may be a whole number from 0 to {MostHosts}.");
        return new(on, count, configuration["Demo:Interval"] ?? "10s", configuration["Demo:Backfill"] ?? "30m");
    }
}
