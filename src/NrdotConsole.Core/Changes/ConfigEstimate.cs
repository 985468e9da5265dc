using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Changes;

/// <summary>
/// What a configuration lets through, as shares of everything a host could send: series, points an hour, and importance-weighted
/// processes. Only ratios of two of them mean something.
/// </summary>
public sealed record ConfigEstimate(double Series, double Points, double Coverage)
{
    /// <summary>Where a profile keeps nothing at all, host metrics remain.</summary>
    const double Least = 0.02;

    /// <summary>
    /// From the profile alone: process series are 1 - target reduction of all; points follow the interval; processes below the least
    /// importance are kept only where they are busy, so coverage follows the share of importance above it, importance taken as even over 0..1.
    /// </summary>
    public static ConfigEstimate Of(RenderInput input)
    {
        var profile = input.Profile;
        var series = Math.Max(Least, 1 - profile.TargetReduction);
        return new(series, series * 60 / Math.Max(1, profile.Interval.TotalSeconds), 1 - profile.MinImportance * profile.MinImportance);
    }

    /// <summary>Scales what a host measures under one configuration to what it would measure under another.</summary>
    public static (decimal? Usd, double? Series, double? Coverage) Scale(DryRunHost host, ConfigEstimate from, ConfigEstimate to) => (
        host.UsdPerHour is { } usd ? usd * (decimal)(to.Points / from.Points) : null,
        host.Series * to.Series / from.Series,
        host.Coverage is { } coverage ? Math.Min(1, coverage * to.Coverage / from.Coverage) : null);
}
