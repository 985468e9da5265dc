using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class AnomalyTrackerTests
{
    static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);
    static readonly ProcessFeatures Usual = new(12, 1e9, 200, double.NaN, 4);
    readonly AnomalyTracker _tracker = new(new("prod", "i-1", "web-1", "nginx", "www"));
    DateTimeOffset _now = Start;
    long _ids;

    AnomalyTransition Observe(ProcessFeatures features)
    {
        _now = _now.AddMinutes(1);
        return _tracker.Observe(_now, features, null, () => ++_ids);
    }

    void Learn(int observations = 40)
    {
        for (var i = 0; i < observations; i++) Assert.Equal(AnomalyChange.None, Observe(Usual with { CpuPercent = 12 + i % 2 }).Change);
    }

    [Fact]
    public void A_severe_verdict_opens_at_the_second_suspicious_observation_in_a_row_and_begins_with_the_first()
    {
        Learn();
        Assert.Equal(AnomalyChange.None, Observe(Usual with { CpuPercent = 38 }).Change);
        var first = _now;
        var opened = Observe(Usual with { CpuPercent = 38 });
        Assert.Equal(AnomalyChange.Opened, opened.Change);
        var verdict = opened.Verdict!;
        Assert.Equal((1, "prod", "i-1", "web-1", "nginx", "www"), (verdict.Id, verdict.Tenant, verdict.HostKey, verdict.HostName, verdict.Executable, verdict.Owner));
        Assert.Equal((first, null), (verdict.StartedAt, verdict.EndedAt));
        Assert.Equal(AnomalyLevel.Severe, verdict.Level);
        Assert.StartsWith("cpu 38 %, 2.2x its usual 18 %; EWMA and robust z agree", verdict.Explanation, StringComparison.Ordinal);
        Assert.Equal(38, verdict.Features["cpu_utilization"]);
        Assert.DoesNotContain("network_bytes", verdict.Features.Keys);
    }

    [Fact]
    public void A_milder_verdict_opens_at_the_third()
    {
        Learn();
        double[] cpu = [19.5, 21.5, 23.5];
        var changes = cpu.Select(c => Observe(Usual with { CpuPercent = c })).ToArray();
        Assert.Equal([AnomalyChange.None, AnomalyChange.None, AnomalyChange.Opened], changes.Select(c => c.Change));
        Assert.Equal(AnomalyLevel.Medium, changes[2].Verdict!.Level);
    }

    [Fact]
    public void A_quiet_observation_in_between_starts_the_count_anew()
    {
        Learn();
        Observe(Usual with { CpuPercent = 38 });
        for (var i = 0; i < 8; i++) Observe(Usual with { CpuPercent = 14 });
        Assert.Equal(AnomalyChange.None, Observe(Usual with { CpuPercent = 38 }).Change);
        Assert.Null(_tracker.Open);
    }

    [Fact]
    public void A_single_spike_opens_nothing()
    {
        Learn();
        Observe(Usual with { CpuPercent = 90 });
        Assert.Equal(AnomalyChange.None, Observe(Usual).Change);
        Assert.Equal(AnomalyChange.None, Observe(Usual).Change);
        Assert.Null(_tracker.Open);
    }

    [Fact]
    public void It_closes_after_five_quiet_observations_and_ended_with_the_first_of_them()
    {
        Learn();
        for (var i = 0; i < 3; i++) Observe(Usual with { CpuPercent = 38 });
        // Back at 12 the raised mean makes the fall itself deviate, so quiet begins a few observations later.
        AnomalyTransition last;
        var seen = new List<DateTimeOffset>();
        do
        {
            last = Observe(Usual);
            seen.Add(_now);
        }
        while (last.Change == AnomalyChange.None && seen.Count < 30);
        Assert.Equal(AnomalyChange.Closed, last.Change);
        Assert.Equal(seen[^5], last.Verdict!.EndedAt);
        Assert.Null(_tracker.Open);
    }

    [Fact]
    public void A_verdict_rises_while_open_and_never_falls()
    {
        Learn();
        Observe(Usual with { MemoryBytes = 1.45e9 });
        Observe(Usual with { MemoryBytes = 1.6e9 });
        var opened = Observe(Usual with { MemoryBytes = 1.69e9 });
        Assert.Equal((AnomalyChange.Opened, AnomalyLevel.Low), (opened.Change, opened.Verdict!.Level));
        var raised = Observe(Usual with { MemoryBytes = 6e9 });
        Assert.Equal((AnomalyChange.Updated, AnomalyLevel.Severe), (raised.Change, raised.Verdict!.Level));
        Assert.Equal(AnomalyLevel.Low, opened.Verdict.Level);
        Assert.Equal((opened.Verdict.Id, opened.Verdict.StartedAt), (raised.Verdict.Id, raised.Verdict.StartedAt));
        Assert.Equal(AnomalyChange.None, Observe(Usual with { Processes = 6.5 }).Change);
        Assert.Equal(AnomalyLevel.Severe, _tracker.Open!.Level);
    }

    [Fact]
    public void It_is_learning_until_a_detector_votes_and_opens_nothing_meanwhile()
    {
        double[] wild = [1, 900, 3, 800, 2];
        foreach (var cpu in wild)
        {
            Assert.True(_tracker.IsLearning);
            Assert.Equal(AnomalyChange.None, Observe(new(cpu, 1, 1, 1, 1)).Change);
        }
        Assert.False(_tracker.IsLearning);
    }

    [Fact]
    public void Five_minutes_of_absence_forget_all_and_end_an_open_verdict_when_it_was_last_seen()
    {
        Learn();
        Observe(Usual with { CpuPercent = 38 });
        Observe(Usual with { CpuPercent = 38 });
        var lastSeen = _now;
        Assert.Equal(AnomalyChange.None, _tracker.Expire(_now.AddMinutes(5)).Change);
        var closed = _tracker.Expire(_now.AddMinutes(5).AddMilliseconds(1));
        Assert.Equal((AnomalyChange.Closed, lastSeen), (closed.Change, closed.Verdict!.EndedAt));
        Assert.True(_tracker.IsLearning);
        _now = _now.AddMinutes(10);
        Assert.Equal(AnomalyChange.None, Observe(Usual with { CpuPercent = 400 }).Change);
    }

    [Fact]
    public void An_observation_after_an_absence_closes_what_was_open_by_itself()
    {
        Learn();
        Observe(Usual with { CpuPercent = 38 });
        Observe(Usual with { CpuPercent = 38 });
        _now = _now.AddMinutes(30);
        Assert.Equal(AnomalyChange.Closed, Observe(Usual with { CpuPercent = 38 }).Change);
        Assert.Null(_tracker.Open);
    }

    [Fact]
    public void A_repeated_or_earlier_time_changes_nothing()
    {
        Learn();
        for (var i = 0; i < 10; i++)
            Assert.Equal(AnomalyChange.None, _tracker.Observe(_now, Usual with { CpuPercent = 380 }, null, () => ++_ids).Change);
        Assert.Null(_tracker.Open);
    }

    [Fact]
    public void A_quiet_observation_allocates_nothing()
    {
        Learn(100);
        var model = ForestTrainerTests.Trained();
        Func<long> nextId = () => ++_ids;
        _tracker.Observe(_now.AddSeconds(1), Usual, model, nextId);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 100; i++) _tracker.Observe(_now.AddSeconds(i), Usual, model, nextId);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
