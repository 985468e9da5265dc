using NrdotConsole.App.Shell;
using NrdotConsole.App.Shell.Parts;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Statistics;
using Microsoft.AspNetCore.Components;

namespace NrdotConsole.App.Features.Anomalies.Pages;

/// <summary>Labels and rates in words and tones.</summary>
internal static class FeedbackWords
{
    public static string Of(AnomalyLabel label) => label == AnomalyLabel.Real ? "Real" : "False alarm";

    public static MarkupString Chip(VerdictLabel label) => Html.Of($"<span class=\"tag said {(label.Label == AnomalyLabel.Real ? "accent" : "hollow")}\" title=\"{Title(label)}\"><i aria-hidden=\"true\"></i><span>{Of(label.Label)}</span><span class=\"by\">{label.By}</span></span>");

    /// <summary>"95 %: 4 to 30 %".</summary>
    public static string Interval(ShareInterval? interval) => interval is { } i ? $"95 %: {Whole(i.Low)} to {Whole(i.High)} %" : "";

    public static string? FalsePositiveTone(AnomalyFeedback f) => f.FalsePositiveInterval is not { } i ? null
        : i.Low > AnomalyFeedback.MostFalsePositives ? "bad" : i.High < AnomalyFeedback.MostFalsePositives ? "good" : f.FalsePositiveShare > AnomalyFeedback.MostFalsePositives ? "warn" : null;

    public static string? DetectionTone(AnomalyFeedback f) => f.DetectionInterval is not { } i ? null
        : i.High < AnomalyFeedback.LeastDetected ? "bad" : i.Low >= AnomalyFeedback.LeastDetected ? "good" : f.DetectionRate < AnomalyFeedback.LeastDetected ? "warn" : null;

    static string Title(VerdictLabel label) => $"Labelled by {label.By}, {Format.Utc(label.At)}{(label.Note.Length > 0 ? ": " + label.Note : "")}";

    static string Whole(double share) => FormattableString.Invariant($"{share * 100:0}");
}
