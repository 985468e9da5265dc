using NrdotConsole.Core.Rollouts;
using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>What the gate's levels promise, by simulation.</summary>
public sealed class GateLevelTests
{
    /// <summary>
    /// A/A: nothing is changed, the fleet is as noisy as can be (heavy tails, hosts that move together), and every look of every wave is taken.
    /// Of N simulations at most alpha N plus three deviations of its binomial may fail.
    /// </summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Without_any_effect_no_more_rollouts_fail_than_alpha_allows(double noise)
    {
        const int simulations = 2000;
        var rules = GateRules.Default;
        var failed = 0;
        for (var i = 0; i < simulations; i++) failed += FailsWithoutCause(rules, new Random(i), 20 + (i % 60), noise) ? 1 : 0;
        var allowed = (rules.Alpha * simulations) + (3 * Math.Sqrt(simulations * rules.Alpha * (1 - rules.Alpha)));
        Assert.True(failed <= allowed, $"{failed} of {simulations} failed; {allowed:0} may");
    }

    /// <summary>The tests alone, stripped of tolerances, that would forgive them much: this is where looking at full level each time shows.</summary>
    [Fact]
    public void Tolerances_are_not_what_keeps_the_promise()
    {
        const int simulations = 500;
        var rules = GateRules.Default with { Rules = [.. GateRules.Default.Rules.Select(r => r with { Tolerance = 0, HardLimit = 100, LeastDeviation = 1e-9 })] };
        var failed = Enumerable.Range(0, simulations).Count(i => FailsWithoutCause(rules, new Random(i), 100 + (i % 60), 1));
        Assert.InRange(failed, 0, (rules.Alpha * simulations) + (3 * Math.Sqrt(simulations * rules.Alpha * (1 - rules.Alpha))));
    }

    static bool FailsWithoutCause(GateRules rules, Random random, int hosts, double noise)
    {
        const int waves = 5, looks = 5;
        double[] shares = [0.05, 0.15, 0.2, 0.2, 0.4];
        var judge = new GateJudge(rules, waves, looks);
        var (first, at) = (0, DateTimeOffset.UnixEpoch);
        for (var wave = 0; wave < waves; wave++)
        {
            var treated = Math.Max(1, (int)(shares[wave] * hosts));
            var states = Enumerable.Range(0, hosts - first).Select(i => new Drifting(random, noise, i < treated)).ToArray();
            first += treated;
            for (var look = 1; look <= looks; look++)
                if (judge.Judge(wave, look, at, [.. states.Select(s => s.Step(random))]).Verdict == GateVerdict.Fail) return true;
        }
        return false;
    }

    /// <summary>A host whose series wander from look to look, so that looks depend on one another.</summary>
    sealed class Drifting(Random random, double noise, bool isTreated)
    {
        readonly HostMeasures _before = new(0.99, 0.1, 0, 10, 10, 400, 0, 0.04);
        readonly double _sigma = noise * (0.01 + (0.03 * random.NextDouble()));
        double _walk;

        public GateHost Step(Random random)
        {
            // A t-like step: one in twenty is five times as long.
            _walk = (0.8 * _walk) + (_sigma * Gauss(random) * (random.Next(20) == 0 ? 5 : 1));
            var series = 400 * Math.Exp(_walk);
            return new("t", "h", isTreated, _before, _before with
            {
                Acceptance = Math.Min(1, 0.99 + (0.002 * noise * Gauss(random))), QueueShare = Math.Clamp(0.1 + (0.03 * noise * Gauss(random)), 0, 1),
                CriticalReporting = 10 - (random.NextDouble() < 0.01 * noise ? 1 : 0), Series = (int)series, MintedSeries = (long)(4 * noise * random.NextDouble()),
                UsdPerHour = 1e-4 * series * Math.Exp(0.02 * noise * Gauss(random)),
            });
        }
    }

    [Fact]
    public void Effects_of_twice_the_tolerance_are_found_by_a_ring_of_twenty()
    {
        var found = Enumerable.Range(0, 100).Count(i =>
        {
            var random = new Random(i);
            var judge = new GateJudge(GateRules.Default, 5, 20);
            var states = Enumerable.Range(0, 100).Select(h => new Drifting(random, 1, h < 20)).ToArray();
            for (var look = 1; look <= 20; look++)
            {
                var hosts = states.Select(s => s.Step(random)).Select(h => h.IsTreated ? h with { After = h.After! with { Series = (int)(h.After.Series!.Value * 1.21) } } : h).ToList();
                if (judge.Judge(0, look, DateTimeOffset.UnixEpoch, hosts).Verdict == GateVerdict.Fail) return true;
            }
            return false;
        });
        Assert.InRange(found, 90, 100);
    }

    [Fact]
    public void All_looks_and_their_extensions_together_spend_no_more_than_alpha()
    {
        var total = Enumerable.Range(0, 40).Sum(batch => 5 * 8 * 60 * new AlphaSpending(0.05 / Math.Pow(2, batch + 1), 5 * 8, 60).PerLook);
        Assert.InRange(total, 0.049, 0.05);
    }

    static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
