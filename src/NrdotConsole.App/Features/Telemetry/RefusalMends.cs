using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry;

/// <summary>What a refusal means to the sender, and what mends it.</summary>
internal static class RefusalMends
{
    public static (string Meaning, string Mend) Of(RefusalReason reason) => reason switch
    {
        RefusalReason.SeriesLimit => ("The tenant or the store holds as many series as allowed", "Find what multiplies them on the Cardinality page; drop that attribute at the source, or raise the Telemetry series limit"),
        RefusalReason.NewSeriesRate => ("New series came faster than allowed", "An attribute takes a new value at every point: an id, a pid, a timestamp. Drop it at the source"),
        RefusalReason.NameMissing => ("A metric without a name", "Mend the sender: OTLP requires one"),
        RefusalReason.LabelTooLong => ("An attribute is longer than allowed", "Truncate it at the source: attribute_value_length_limit"),
        RefusalReason.TooManyLabels => ("A point carries more attributes than allowed", "Drop attributes that nobody asks for"),
        RefusalReason.TooOld => ("The point is older than what is kept", "Mend the sender's clock, or its queue holds data for too long"),
        RefusalReason.InFuture => ("The point's time has not come yet", "Mend the sender's clock: run NTP there"),
        RefusalReason.HistogramInvalid => ("Bounds and counts of a histogram disagree", "Mend the sender, or update its SDK"),
        RefusalReason.TenantForbidden => ("The resource names the tenant that the console keeps for itself", "Give nrdot.tenant another value"),
        _ => (reason.ToString(), "See the console's log"),
    };
}
