using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Features.Rings;

/// <summary>
/// What a set of hosts measures now, so that sets of different sizes can be compared. <paramref name="Reporting"/> of the hosts send metrics.
/// Coverage is the mean over hosts that know theirs, with how many are below <see cref="CoverageTarget"/>: a mean alone hides a host at zero.
/// Figures of a host are means over the hosts that have them; null is unknown.
/// </summary>
public sealed record RingSignals(
    int Reporting, int Healthy, int Degraded, int Stale, double? Coverage, int BelowCoverageTarget, decimal? UsdPerHour, decimal? UsdPerHostHour, double? SeriesPerHost, int OpenAnomalies)
{
    /// <summary>The day-1 target.</summary>
    public const double CoverageTarget = 0.95;

    public static RingSignals Of(IEnumerable<HostRow> rows)
    {
        var (reporting, healthy, degraded, stale, anomalies, covered, below, priced) = (0, 0, 0, 0, 0, 0, 0, 0);
        var (coverage, series) = (0.0, 0L);
        var usd = 0m;
        foreach (var row in rows)
        {
            reporting++;
            healthy += row.Health == HostHealth.Healthy ? 1 : 0;
            degraded += row.Health == HostHealth.Degraded ? 1 : 0;
            stale += row.Health == HostHealth.Stale ? 1 : 0;
            anomalies += row.OpenAnomalies;
            series += row.ActiveSeries;
            if (row.Coverage is { } share) (covered, coverage, below) = (covered + 1, coverage + share, below + (share < CoverageTarget ? 1 : 0));
            if (row.UsdPerHour is { } dollars) (priced, usd) = (priced + 1, usd + dollars);
        }
        return new(reporting, healthy, degraded, stale, covered > 0 ? coverage / covered : null, below, priced > 0 ? usd : null, priced > 0 ? usd / priced : null,
            reporting > 0 ? (double)series / reporting : null, anomalies);
    }

    public RingSignals WithoutDollars() => this with { UsdPerHour = null, UsdPerHostHour = null };
}
