namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// Weighs the votes of one observation. It is suspicious where two detectors agree (EWMA and robust z on the same
/// feature, or the forest with either of them), or where EWMA or robust z alone is severe. The forest alone never is:
/// its contamination flags that share of its training rows whether or not anything was wrong with them.
/// </summary>
public static class AnomalyJudge
{
    public const string Ewma = "ewma";
    public const string RobustZ = "robust z";
    public const string Forest = "isolation forest";

    public static Judgement Judge(ReadOnlySpan<FeatureReading> readings, ForestReading forest)
    {
        var (suspicious, level, strongest, lead, anomalous, voting) = (false, AnomalyLevel.None, -1.0, 0, 0, 0);
        for (var f = 0; f < readings.Length; f++)
        {
            ref readonly var reading = ref readings[f];
            if (reading.Ewma.Abstained && reading.RobustZ.Abstained) continue;
            voting++;
            if (reading.IsAnomaly) anomalous++;
            var counts = reading.BothAgree || reading.Level == AnomalyLevel.Severe || (forest.IsAnomaly && reading.IsAnomaly);
            // A feature that makes the case leads over one that merely stands out.
            var strength = reading.Strength(FeatureRule.All[f]);
            if (counts && (!suspicious || reading.Level > level)) level = reading.Level;
            if (counts == suspicious ? strength > strongest : counts) (strongest, lead) = (strength, f);
            suspicious |= counts;
        }
        var s = Math.Max(strongest, 0);
        return new(suspicious, level, double.IsInfinity(s) ? 1 : s / (1 + s), voting == 0 ? 0 : (double)anomalous / voting, (Feature)lead);
    }

    /// <summary>The case in plain words: "cpu 38 %, 3.2x its usual 12 %; EWMA and robust z agree".</summary>
    public static string Explain(ReadOnlySpan<FeatureReading> readings, ForestReading forest, Judgement judgement)
    {
        var lead = (int)judgement.Lead;
        var words = Change(readings[lead], FeatureRule.All[lead]) + "; " + Who(readings[lead], forest);
        for (var f = 0; f < readings.Length; f++)
            if (f != lead && readings[f].IsAnomaly) words += "; also " + Change(readings[f], FeatureRule.All[f]);
        return words;
    }

    /// <summary>Every detector's vote on every known feature, the forest's last.</summary>
    public static IReadOnlyList<DetectorVote> Votes(ReadOnlySpan<FeatureReading> readings, ForestReading forest)
    {
        var votes = new List<DetectorVote>(2 * readings.Length + 1);
        for (var f = 0; f < readings.Length; f++)
        {
            var (reading, rule) = (readings[f], FeatureRule.All[f]);
            if (!ProcessFeatures.IsKnown(reading.Value)) continue;
            votes.Add(new(Ewma, rule.Name, reading.Ewma.DeviationPercent, rule.ThresholdPercent, reading.Ewma.IsAnomaly, reading.Ewma.Abstained));
            votes.Add(new(RobustZ, rule.Name, reading.RobustZ.Score, RobustZDetector.Threshold, reading.RobustZ.IsAnomaly, reading.RobustZ.Abstained));
        }
        votes.Add(new(Forest, "all", forest.Score, forest.Threshold, forest.IsAnomaly, forest.Abstained));
        return votes;
    }

    static string Change(FeatureReading reading, FeatureRule rule)
    {
        var usual = reading.Ewma.IsAnomaly || reading.RobustZ.Abstained ? reading.Ewma.Usual : reading.RobustZ.Median;
        var now = $"{rule.Word} {rule.Words(reading.Value)}";
        var times = reading.Value / usual;
        return times is >= 1.1 and < 100
            ? $"{now}, {FeatureRule.Short(times)}x its usual {rule.Words(usual)}"
            : $"{now}, usually {rule.Words(usual)}";
    }

    static string Who(FeatureReading reading, ForestReading forest) => (reading.Ewma.IsAnomaly, reading.RobustZ.IsAnomaly, forest.IsAnomaly) switch
    {
        (true, true, true) => "EWMA, robust z and isolation forest agree",
        (true, true, false) => "EWMA and robust z agree",
        (true, false, true) => "EWMA and isolation forest agree",
        (false, true, true) => "robust z and isolation forest agree",
        (true, false, false) => "EWMA alone, severe",
        (false, true, false) => "robust z alone, severe",
        _ => "no detector's anomaly",
    };
}
