using FsCheck.Xunit;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Tests.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Query;

public sealed class RateTests : IDisposable
{
    readonly StoreOnDisk _disk = new();

    // Nothing that is sent lies in the future.
    public RateTests() => _disk.Time.Advance(TimeSpan.FromHours(1));

    public void Dispose() => _disk.Dispose();

    void Send(Temporality temporality, string host, params IEnumerable<(int Second, double Value)> points) =>
        _disk.Store.Ingest(OtlpBytes.Sum("c", temporality, [("host.id", host)], [], [.. points.Select(p => (StoreOnDisk.T0 + p.Second * 1000L, p.Value))]), null);

    async Task<List<(int Second, double Rate)>> RatesAsync(int from, int to, int step)
    {
        var answer = await _disk.Engine.RunAsync(new()
        {
            Metric = "c", From = StoreOnDisk.Start.AddSeconds(from), To = StoreOnDisk.Start.AddSeconds(to), Step = TimeSpan.FromSeconds(step), Aggregation = Aggregation.Rate, GroupBy = [],
        });
        return answer.Series.Count == 0 ? [] : [.. Assert.Single(answer.Series).Points.Select(p => ((int)((p.UnixMs - StoreOnDisk.T0) / 1000), Math.Round(p.Value, 9)))];
    }

    [Property(MaxTest = 60)]
    public void A_sum_that_rises_evenly_has_that_rate_in_every_step_however_its_points_and_the_steps_lie(int seed, byte stepSeed, bool isDelta)
    {
        using var tests = new RateTests();
        var random = new Random(seed);
        var (second, before, points) = (0, 0, new List<(int, double)>());
        while (second < 1800)
        {
            points.Add((second, isDelta ? 3 * (second - before) : 3.0 * second));
            (before, second) = (second, second + random.Next(1, random.Next(2) == 0 ? 12 : 120));
        }
        tests.Send(isDelta ? Temporality.Delta : Temporality.Cumulative, "a", points);
        var step = 5 + stepSeed % 120;
        var to = points[^1].Item1;
        var rates = tests.RatesAsync(400, to, step).GetAwaiter().GetResult();
        Assert.Equal((to - 400 + step - 1) / step, rates.Count);
        Assert.All(rates, r => Assert.Equal(3, r.Rate, 6));
    }

    [Fact]
    public async Task Where_an_export_a_minute_becomes_one_every_ten_seconds_the_rate_goes_on()
    {
        Send(Temporality.Cumulative, "a", Enumerable.Range(0, 6).Select(i => (i * 60 - 30, i * 120.0)));
        Send(Temporality.Cumulative, "a", Enumerable.Range(29, 20).Select(i => (i * 10 + 5, (i * 10 + 35) * 2.0)));
        Assert.All(await RatesAsync(0, 480, 60), r => Assert.Equal(2, r.Rate));
    }

    [Fact]
    public async Task A_counter_that_falls_began_again_at_zero()
    {
        Send(Temporality.Cumulative, "a", (0, 1000), (10, 1100), (20, 40), (30, 140));
        Assert.Equal([(0, 10), (10, 4), (20, 10)], await RatesAsync(0, 30, 10));
    }

    [Fact]
    public async Task A_series_that_lives_for_a_part_of_the_step_counts_for_that_part()
    {
        Send(Temporality.Cumulative, "a", (60, 0), (65, 10), (70, 20));
        // Ten seconds at 2 a second, half an interval carried on behind; before them the step's begin.
        Assert.Equal([(60, Math.Round(2 * 12.5 / 60, 9))], await RatesAsync(60, 180, 60));
    }

    [Fact]
    public async Task Series_that_report_less_often_than_the_step_are_all_in_every_steps_sum()
    {
        for (var host = 0; host < 4; host++)
            Send(Temporality.Cumulative, $"h{host}", Enumerable.Range(0, 12).Select(i => (i * 60 + host * 15, i * 60.0)));
        Assert.All(await RatesAsync(120, 600, 15), r => Assert.Equal(4, r.Rate));
    }

    [Fact]
    public async Task A_silence_of_more_than_five_minutes_is_not_filled_and_its_rise_is_spread_over_it()
    {
        Send(Temporality.Cumulative, "a", (0, 0), (60, 60), (1260, 1860), (1320, 1920));
        Assert.Equal([(0, 1), (1200, 1.5), (1260, 1)], await RatesAsync(0, 1320, 60));
    }

    [Fact]
    public async Task A_delta_without_another_near_before_it_counts_whole_in_its_step()
    {
        Send(Temporality.Delta, "a", (30, 120), (3030, 60));
        Assert.Equal([(0, 2), (3000, 1)], await RatesAsync(0, 3600, 60));
    }

    [Fact]
    public async Task A_counter_seen_once_has_no_rate()
    {
        Send(Temporality.Cumulative, "a", (30, 120));
        Assert.Empty(await RatesAsync(0, 600, 60));
    }

    [Theory]
    [InlineData(2.5)]
    [InlineData(20)]
    public async Task Minutes_and_hours_of_roll_ups_tell_the_rate_of_the_points_they_hold(double days)
    {
        for (var hour = 0; hour < 8; hour++)
        {
            _disk.Time.Advance(TimeSpan.FromHours(1));
            Send(Temporality.Cumulative, "a", Enumerable.Range(0, 360).Select(i => (hour * 3600 + i * 10, (hour * 3600 + i * 10) * 5.0)));
            Assert.True(_disk.Store.TrySealAll());
        }
        _disk.Time.Advance(TimeSpan.FromDays(days));
        Assert.True(new RollUp(_disk.Store, _disk.Settings, _disk.Time).Run());
        Assert.True(new Retention(_disk.Store, _disk.Settings, _disk.Time).Run() > 0);
        Assert.True(_disk.Store.RolledUpMs > StoreOnDisk.T0);
        foreach (var step in (int[])[30, 60, 300, 3600])
        {
            var rates = await RatesAsync(0, 6 * 3600, step);
            Assert.Equal(6 * 3600 / step, rates.Count);
            Assert.All(rates, r => Assert.Equal(5, r.Rate, 6));
        }
    }
}
