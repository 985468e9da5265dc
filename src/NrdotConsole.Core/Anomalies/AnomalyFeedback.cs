using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Anomalies;

/// <summary>What somebody who looked says a verdict was.</summary>
public enum AnomalyLabel { Real, FalseAlarm }

/// <summary>A label, by whom and when.</summary>
public sealed record VerdictLabel(AnomalyLabel Label, string Note, string By, DateTimeOffset At);

/// <summary>
/// What people said of the verdicts that began within some time, and of anomalies that no verdict told. A verdict that nobody labelled is unknown: it
/// counts as neither.
/// </summary>
public readonly record struct AnomalyFeedback(long Real, long FalseAlarms, long Missed, long Unlabelled)
{
    /// <summary>The guide's KPI: below 15 %.</summary>
    public const double MostFalsePositives = 0.15;

    /// <summary>The guide's hypothesis: at least 85 %.</summary>
    public const double LeastDetected = 0.85;

    public long Labelled => Real + FalseAlarms;

    public long Verdicts => Labelled + Unlabelled;

    /// <summary>Anomalies that are known to have been some: found ones and missed ones.</summary>
    public long Known => Real + Missed;

    /// <summary>
    /// False alarms / labelled verdicts; null where nobody labelled. The guide calls it the false-positive rate; the literature the false discovery rate, 1 - precision.
    /// </summary>
    public double? FalsePositiveShare => Labelled == 0 ? null : (double)FalseAlarms / Labelled;

    /// <summary>Recall: real / (real + missed); null where neither is known.</summary>
    public double? DetectionRate => Known == 0 ? null : (double)Real / Known;

    /// <summary>95 % intervals, after Wilson, as if each verdict were a trial of its own.</summary>
    public ShareInterval? FalsePositiveInterval => Labelled == 0 ? null : Proportion.Wilson95(FalseAlarms, Labelled);

    public ShareInterval? DetectionInterval => Known == 0 ? null : Proportion.Wilson95(Real, Known);

    public static AnomalyFeedback operator +(AnomalyFeedback a, AnomalyFeedback b) => new(a.Real + b.Real, a.FalseAlarms + b.FalseAlarms, a.Missed + b.Missed, a.Unlabelled + b.Unlabelled);
}
