using System.Text.Json.Serialization;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.Core.Anomalies;

public enum AnomalyLevel { None, Low, Medium, High, Severe }

/// <summary>One detector's view: its raw score (unit in the detector's docs), the threshold it was held against, and whether it says anomaly. A cold detector abstains: <see cref="Abstained"/>.</summary>
public sealed record DetectorVote(string Detector, string Feature, double Score, double Threshold, bool IsAnomaly, bool Abstained);

/// <summary>
/// A verdict on one host and executable, kept as it was given: it never changes in hindsight. It opens when the
/// detectors agree and closes (<see cref="EndedAt"/>) when they no longer do.
/// </summary>
public sealed record AnomalyVerdict(
    long Id, string Tenant, string HostKey, string HostName, string Executable, string Owner,
    AnomalyLevel Level, double Score, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    string Explanation, IReadOnlyList<DetectorVote> Votes, IReadOnlyDictionary<string, double> Features)
{
    /// <summary>What somebody said it was; known of verdicts that were read from where they are kept, absent where nobody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerdictLabel? Label { get; init; }
}

public sealed record AnomalySummary(
    SignalScope Scope, DateTimeOffset At, int Active, int Learning, int Watched,
    IReadOnlyDictionary<AnomalyLevel, int> ByLevel, IReadOnlyList<AnomalyVerdict> Open, IReadOnlyList<AnomalyVerdict> Recent);
