using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Changes;

/// <summary>
/// What the sample hosts would send with a configuration: series of a collection, points an hour, and the share of their processes
/// (0..1, weighed by importance) that is sent. Only the ratio of two of them means something for a real host.
/// </summary>
public sealed record ConfigEstimate(double Series, double Points, double Coverage)
{
    public static ConfigEstimate Of(RenderInput input)
    {
        var estimator = new Estimator(input);
        var (series, points, kept, known) = (0.0, 0.0, 0.0, 0.0);
        foreach (var sample in SampleHosts.All)
        {
            var estimate = estimator.Of(sample);
            (series, points) = (series + estimate.Series, points + estimate.PointsPerHour);
            foreach (var processes in estimate.Classes)
            {
                kept += processes.Kept * processes.Class.ImportanceTenths;
                known += processes.Processes * processes.Class.ImportanceTenths;
            }
        }
        return new(series, points, known > 0 ? kept / known : 1);
    }

    /// <summary>Scales what a host measures under one configuration to what it would measure under another. Unknown stays unknown.</summary>
    public static (decimal? Usd, double? Series, double? Coverage) Scale(DryRunHost host, ConfigEstimate from, ConfigEstimate to) => (
        host.UsdPerHour is { } usd && from.Points > 0 ? usd * (decimal)(to.Points / from.Points) : null,
        from.Series > 0 ? host.Series * to.Series / from.Series : null,
        host.Coverage is { } coverage && from.Coverage > 0 ? Math.Min(1, coverage * to.Coverage / from.Coverage) : null);
}
