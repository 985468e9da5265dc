namespace NrdotConsole.Core.Statistics;

/// <summary>What one cluster (a host) counted: so many <paramref name="Hits"/> of so many.</summary>
public readonly record struct ClusterCount(long Hits, long Of);

/// <summary>
/// A share that is counted in clusters: the ratio of sums, so that a host of one verdict does not weigh like one of fifty. What one host counts is
/// often of one cause, so it is not worth as many independent trials: the variance is that of a ratio of two means over hosts (the delta method;
/// Cochran 1977, "Sampling Techniques", 6.3; Deng, Knoblich and Lu, KDD 2018, "Applying the delta method in metric analytics"), and the interval is
/// exact for the number of trials that such a variance is worth, made smaller for how few hosts told it (Korn and Graubard 1998, "Confidence
/// intervals for proportions with small expected number of positive counts"). A handful of hits tells little of how hosts differ, none tells
/// nothing: so the variance is taken with two hosts more, one of hits alone and one of none, as Agresti and Coull (1998) add trials.
/// </summary>
public sealed record ClusteredShare(int Clusters, long Hits, long Of, double EffectiveOf)
{
    public double Share => (double)Hits / Of;

    /// <summary>Null where nothing was counted.</summary>
    public static ClusteredShare? From(IEnumerable<ClusterCount> counts)
    {
        var told = counts.Where(c => c.Of > 0).ToList();
        if (told.Count == 0) return null;
        var (hits, of) = (told.Sum(c => c.Hits), told.Sum(c => c.Of));
        return new(told.Count, hits, of, Effective(told, hits, of));
    }

    /// <summary>Beyond each end lies at most the level's tail. All of 0 to 1 where one host alone tells it.</summary>
    public ShareInterval Interval(StudentT level)
    {
        if (Clusters < 2) return new(0, 1);
        var few = level.Quantile(Of - 1) / level.Quantile(Clusters - 1);
        var trials = EffectiveOf * Math.Min(1, few * few);
        return Proportion.Exact(Share * trials, trials, level.UpperTail);
    }

    static double Effective(List<ClusterCount> told, long hits, long of)
    {
        // The size of the host that a trial belongs to, on average over trials.
        var size = told.Sum(c => (double)c.Of * c.Of) / of;
        var (all, count) = (of + (2 * size), told.Count + 2);
        var share = (hits + size) / all;
        var squares = told.Sum(c => Math.Pow(c.Hits - (share * c.Of), 2)) + Math.Pow(size * (1 - share), 2) + Math.Pow(size * share, 2);
        var variance = count / (count - 1.0) * squares / (all * all);
        return Math.Min(of, of * share * (1 - share) / all / variance);
    }
}
