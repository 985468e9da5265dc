namespace NrdotConsole.Core.Cardinality;

/// <summary>
/// New Relic's default limits of distinct identities a UTC day; above them roll-ups pause until midnight. Both can be raised there, so both are settings here.
/// </summary>
public sealed record CardinalityLimits(long PerMetric = 100_000, long PerAccount = 15_000_000)
{
    /// <summary>The share of a limit from which it is worth acting.</summary>
    public const double WarningShare = 0.8;
}
