using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Shell;

/// <summary>The colour of a state; its word always stands beside it.</summary>
internal static class Tones
{
    public static string? Of(AnomalyLevel level) => level switch
    {
        AnomalyLevel.Severe => "severe",
        AnomalyLevel.High => "bad",
        AnomalyLevel.Medium => "warn",
        AnomalyLevel.Low => "info",
        _ => null,
    };

    public static string Of(HostHealth health) => health switch
    {
        HostHealth.Healthy => "good",
        HostHealth.Degraded => "warn",
        HostHealth.Stale => "bad stale",
        _ => "hollow",
    };

    public static string? Of(EventSeverity severity) => severity switch
    {
        EventSeverity.Critical => "bad",
        EventSeverity.Warning => "warn",
        _ => "info",
    };

    public static string? Of(Tier tier) => tier switch
    {
        Tier.Critical => "bad",
        Tier.Important => "warn",
        Tier.Standard => "info",
        _ => null,
    };

    /// <summary>Coverage below 80 % is bad, below 95 % (the day-1 target) a warning.</summary>
    public static string? OfCoverage(double? ratio) => ratio switch { null => null, < 0.8 => "bad", < 0.95 => "warn", _ => "good" };
}
