using System.Runtime.CompilerServices;

namespace NrdotConsole.Core.Anomalies;

/// <summary>What the two per-feature detectors say of one feature of one observation. Default: the feature is not known.</summary>
public readonly record struct FeatureReading(double Value, EwmaReading Ewma, RobustZReading RobustZ)
{
    /// <summary>How far past its threshold the stronger detector is: 1 is exactly at it.</summary>
    internal double Strength(FeatureRule rule) => Math.Max(
        Ewma.Abstained ? 0 : Ewma.DeviationPercent / rule.ThresholdPercent,
        RobustZ.Abstained ? 0 : RobustZ.Score / RobustZDetector.Threshold);

    internal bool IsAnomaly => Ewma.IsAnomaly || RobustZ.IsAnomaly;
    internal bool BothAgree => Ewma.IsAnomaly && RobustZ.IsAnomaly;
    internal AnomalyLevel Level => Ewma.Level > RobustZ.Level ? Ewma.Level : RobustZ.Level;
}

[InlineArray(ProcessFeatures.Count)]
struct FeatureReadings
{
    FeatureReading _first;
}

/// <summary>The isolation forest's view of the whole row. It abstains while its role has no model yet.</summary>
public readonly record struct ForestReading(double Score, double Threshold)
{
    public static readonly ForestReading None = new(0, 0);
    public bool Abstained => Threshold <= 0;
    public bool IsAnomaly => !Abstained && Score > Threshold;
}

/// <summary>
/// One observation judged. <see cref="Score"/> is s/(1+s) in [0, 1), s being how many times its threshold the strongest
/// feature reaches: 0.5 is exactly at the threshold. <see cref="Composite"/> is the share of the voting features that are anomalous.
/// </summary>
public readonly record struct Judgement(bool IsSuspicious, AnomalyLevel Level, double Score, double Composite, Feature Lead);
