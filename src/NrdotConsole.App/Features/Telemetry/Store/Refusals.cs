using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>What a sender is told about points that were not stored.</summary>
internal static class Refusals
{
    public static string Text(IReadOnlyList<long> points)
    {
        var parts = new List<string>();
        for (var i = 0; i < points.Count; i++)
            if (points[i] > 0) parts.Add($"{points[i]} {Explain((RefusalReason)i)}");
        return "Refused: " + string.Join("; ", parts);
    }

    public static string Explain(RefusalReason reason) => reason switch
    {
        RefusalReason.SeriesLimit => "beyond the series limit (Telemetry:MaxSeries)",
        RefusalReason.NewSeriesRate => "beyond the limit of new series a minute (Telemetry:NewSeriesPerMinute)",
        RefusalReason.NameMissing => "of a metric without a name",
        RefusalReason.LabelTooLong => "with an attribute key that is too long (Telemetry:MaxLabelKeyLength)",
        RefusalReason.TooManyLabels => "with too many attributes (Telemetry:MaxLabels)",
        RefusalReason.TooOld => "too old",
        RefusalReason.InFuture => "too far in the future (Telemetry:MaxFuture)",
        RefusalReason.HistogramInvalid => "of a histogram whose bounds do not fit its counts",
        _ => $"of the tenant '{ReservedTenant.Name}', which the console keeps for itself (nrdot.tenant)",
    };
}
