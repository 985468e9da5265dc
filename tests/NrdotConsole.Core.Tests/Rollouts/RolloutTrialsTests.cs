using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>Whole rollouts of a seeded fleet: the bad never passes its first ring, the good is let through, and nothing is taken back for nothing.</summary>
public sealed class RolloutTrialsTests
{
    const int Trials = 100;

    /// <summary>Small fleets have a first ring of a few hosts, where only hard thresholds can judge.</summary>
    static int Hosts(int trial) => 20 + (trial * 3 % 180);

    public static TheoryData<string> Bad => ["coverage", "series", "crash"];

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_configuration_never_passes_its_first_ring(string kind)
    {
        var effect = kind switch
        {
            "coverage" => new Effect(CriticalLost: 0.3),
            "series" => new Effect(SeriesFactor: 2),
            _ => new Effect(CrashChance: 1),
        };
        var passed = Enumerable.Range(0, Trials).Count(trial =>
        {
            var fleet = new TrialFleet(1000 + trial, Hosts(trial), effect);
            fleet.Run(firstRingOnly: true);
            return fleet.State.HasBegun(1);
        });
        Assert.Equal(0, passed);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(1.8)]
    public void A_configuration_that_does_what_the_dry_run_said_is_let_through(double factor)
    {
        var refusals = new List<string>();
        for (var trial = 0; trial < Trials; trial++)
        {
            var fleet = new TrialFleet(2000 + trial, Hosts(trial), new Effect(SeriesFactor: factor, Expected: factor));
            fleet.Run(firstRingOnly: false);
            if (fleet.State.Phase != RolloutPhase.Applied) refusals.Add($"{trial}: {fleet.State.Phase} wave {fleet.State.Wave}, {fleet.State.Reason ?? fleet.State.PausedBecause}");
        }
        Assert.True(refusals.Count <= Trials * 5 / 100, string.Join('\n', refusals));
    }

    [Fact]
    public void A_change_that_does_less_good_than_it_promised_is_found_out()
    {
        var found = Enumerable.Range(0, 20).Count(trial =>
        {
            var fleet = new TrialFleet(3000 + trial, 200, new Effect(SeriesFactor: 1, Expected: 0.5));
            fleet.Run(firstRingOnly: true);
            return !fleet.State.HasBegun(1);
        });
        Assert.Equal(20, found);
    }
}
