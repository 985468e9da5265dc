namespace NrdotConsole.Core.Rollouts;

/// <summary>The hosts of one arm under one measure: their means, and each host's harm.</summary>
sealed class GateArm(GateMeasure measure)
{
    readonly List<double> _harms = [];
    readonly List<(double Fresh, double Known, double FreshBefore, double KnownBefore)> _covered = [];
    double _before, _after;

    /// <summary>Hosts that sent it before.</summary>
    public int Before { get; private set; }

    /// <summary>Hosts that sent it before and after.</summary>
    public int Count { get; private set; }

    public double? MeanBefore => Count == 0 ? null : measure == GateMeasure.CriticalCoverage ? Pooled(c => c.FreshBefore, c => c.KnownBefore) : _before / Count;
    public double? MeanAfter => Count == 0 ? null : measure == GateMeasure.CriticalCoverage ? Pooled(c => c.Fresh, c => c.Known) : _after / Count;

    public void Add(GateHost host)
    {
        if (measure == GateMeasure.CriticalCoverage)
        {
            AddCoverage(host);
            return;
        }
        if (Value(host, host.Before) is not { } before) return;
        Before++;
        if (host.After is null || Value(host, host.After) is not { } after) return;
        Count++;
        _before += before;
        _after += after;
        _harms.Add(measure switch
        {
            GateMeasure.Series => Math.Log((after + 1) / (before + 1)) - Math.Log(host.IsTreated ? host.ExpectedSeriesRatio : 1),
            GateMeasure.Cost => Math.Log(after / before) - Math.Log(host.IsTreated ? host.ExpectedCostRatio : 1),
            // A fleet that is meant to send more mints as much more.
            // A host that has as many new series as it had can say no more: else one that restarts jobs all day would hide what the others say.
            GateMeasure.NewSeries => Math.Min(1, after - before - (host.IsTreated ? Math.Max(0, host.ExpectedSeriesRatio - 1) : 0)),
            GateMeasure.Acceptance => before - after,
            _ => after - before,
        });
    }

    void AddCoverage(GateHost host)
    {
        if (host.Before is not { CriticalReporting: { } freshBefore, CriticalKnown: { } knownBefore and > 0 }) return;
        Before++;
        if (host.After is not { CriticalReporting: { } fresh, CriticalKnown: { } known }) return;
        Count++;
        // A process that nobody lists any more has not stopped to matter.
        _covered.Add((fresh, Math.Max(known, knownBefore), freshBefore, knownBefore));
    }

    public ReadOnlySpan<double> Harms()
    {
        if (measure != GateMeasure.CriticalCoverage) return _harms.ToArray();
        if (_covered.Count == 0) return [];
        var (before, after) = (Pooled(c => c.FreshBefore, c => c.KnownBefore), Pooled(c => c.Fresh, c => c.Known));
        var (knownBefore, known) = (_covered.Average(c => c.KnownBefore), _covered.Average(c => c.Known));
        return _covered.Select(c => before - after + ((c.FreshBefore - (before * c.KnownBefore)) / knownBefore) - ((c.Fresh - (after * c.Known)) / known)).ToArray();
    }

    double Pooled(Func<(double Fresh, double Known, double FreshBefore, double KnownBefore), double> fresh, Func<(double Fresh, double Known, double FreshBefore, double KnownBefore), double> known) =>
        _covered.Sum(fresh) / _covered.Sum(known);

    double? Value(GateHost host, HostMeasures measures) => measure switch
    {
        GateMeasure.Acceptance => measures.Acceptance,
        GateMeasure.QueueShare => measures.QueueShare,
        GateMeasure.Drops => measures.DropShare,
        GateMeasure.Series => measures.Series,
        GateMeasure.NewSeries => host.Before is { MintedSeries: { } minted, Series: { } series and > 0 } && measures.MintedSeries is { } now ? (now - minted) / (double)series : null,
        GateMeasure.Cost => measures.UsdPerHour is > 0 and var usd ? usd : null,
        _ => null,
    };
}
