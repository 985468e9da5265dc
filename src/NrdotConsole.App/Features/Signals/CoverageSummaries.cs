using NrdotConsole.Core.Coverage;

namespace NrdotConsole.App.Features.Signals;

internal static class CoverageSummaries
{
    public const int WorstHosts = 20;
    public const int MissingListed = 500;

    public static CoverageSummary Of(ScopeSignals scope, DateTimeOffset now)
    {
        var worst = new Foremost<HostCoverage>(WorstHosts);
        var byTier = new List<MissingProcess>[] { [], [], [], [] };
        foreach (var host in scope.Hosts)
        {
            if (host.Coverage is { Score: < 1 } coverage) worst.Offer(coverage, -coverage.Score.Value);
            foreach (var missing in host.Missing)
                if (byTier[(int)missing.Tier] is { Count: < MissingListed } tier) tier.Add(missing);
        }
        return Of(scope.Scope, now, scope.Coverage, worst.InOrder(), [.. byTier.SelectMany(t => t).Take(MissingListed)]);
    }

    public static CoverageSummary Of(HostSignals host, DateTimeOffset now) => Of(
        host.Scope, now, host.Share.Coverage, host.Coverage is { } coverage ? [coverage] : [], [.. host.Missing.OrderBy(m => m.Tier)]);

    static CoverageSummary Of(Core.Overview.SignalScope scope, DateTimeOffset now, in CoverageTally tally, IReadOnlyList<HostCoverage> worst, IReadOnlyList<MissingProcess> missing) =>
        new(scope, now, tally.Score, tally.Tiers, tally.HostsKnown, tally.HostsUnknown, worst, missing, tally.Known - tally.Fresh);
}
