namespace NrdotConsole.Core.Coverage;

/// <summary>
/// How much of the process series is not sent: 1 - kept / total. Kept are the series that come; total is what would come
/// if every process of the inventory sent as many series as those that report, host by host; a host that reports no
/// process at all counts with the scope's average. Where a collector states both figures itself, they are taken.
/// </summary>
public readonly record struct ReductionTally(long Kept, long Total, long Reporting, long Unreported)
{
    public static ReductionTally OfHost(long keptSeries, int reportingProcesses, int inventoryProcesses)
    {
        if (inventoryProcesses == 0) return default;
        if (reportingProcesses == 0 || keptSeries == 0) return new(0, 0, 0, inventoryProcesses);
        var known = Math.Max(inventoryProcesses, reportingProcesses);
        return new(keptSeries, (long)Math.Round((double)keptSeries * known / reportingProcesses), reportingProcesses, 0);
    }

    /// <summary>0..1; null where no inventory tells the total, or nothing is kept to learn a process's series from.</summary>
    public double? Reduction
    {
        get
        {
            if (Total == 0) return null;
            var total = Total + (Reporting > 0 ? (double)Unreported * Kept / Reporting : 0);
            return Math.Max(0, 1 - (Kept / total));
        }
    }

    public static ReductionTally operator +(ReductionTally a, ReductionTally b) => new(a.Kept + b.Kept, a.Total + b.Total, a.Reporting + b.Reporting, a.Unreported + b.Unreported);
    public static ReductionTally operator -(ReductionTally a, ReductionTally b) => new(a.Kept - b.Kept, a.Total - b.Total, a.Reporting - b.Reporting, a.Unreported - b.Unreported);
    public static ReductionTally Add(ReductionTally a, ReductionTally b) => a + b;
    public static ReductionTally Subtract(ReductionTally a, ReductionTally b) => a - b;
}
