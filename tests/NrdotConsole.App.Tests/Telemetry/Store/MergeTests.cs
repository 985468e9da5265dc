using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

public sealed class MergeTests
{
    static readonly long T0 = StoreOnDisk.T0;

    /// <summary>Twenty hours of hosts that send every 20 s, every minute, hardly ever, that lapse, send late, and one that comes at last with all its past.</summary>
    static StoreOnDisk Filled(int seed, SortedDictionary<string, SortedList<long, double>> model)
    {
        var disk = new StoreOnDisk();
        var random = new Random(seed);
        for (var minute = 0; minute < 20 * 60; minute++)
        {
            disk.Time.Advance(TimeSpan.FromMinutes(1));
            var now = T0 + minute * 60_000L;
            for (var i = 0; i < 3; i++) Send("fast", now + i * 20_000);
            if (random.Next(20) > 0) Send("steady", now + random.Next(5));
            if (minute % 200 == 7) Send("rare", now);
            if (minute is < 300 or > 700) Send("lapsing", now);
            if (random.Next(30) == 0) Send("steady", now - random.Next(5_000_000));
            if (minute >= 900) Send("backfilling", T0 + (minute - 900) * 240_000L);
            if (random.Next(4) == 0) Assert.True(disk.Store.TrySealNext());
        }
        Assert.True(disk.Store.TrySealAll());
        // The last window is not over: what lies in it stays behind in the sealed blocks.
        disk.Time.Advance(TimeSpan.FromHours(2));
        return disk;

        void Send(string host, long ms)
        {
            var value = random.Next(1000) / 100d;
            disk.Send("m", host, ms, value);
            if (!model.TryGetValue(host, out var points)) model[host] = points = [];
            points.TryAdd(ms, value);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_answer_is_the_models_before_and_after_a_merge(int seed)
    {
        var model = new SortedDictionary<string, SortedList<long, double>>(StringComparer.Ordinal);
        using var disk = Filled(seed, model);
        await AssertModel(disk, model);
        var (blocks, answers) = (Blocks(disk), await Answers(disk));
        Assert.True(new RollUp(disk.Store, disk.Settings, disk.Time).Run());
        Assert.InRange(Blocks(disk), 1, blocks / 3);
        await AssertModel(disk, model);
        Assert.Equal(answers, await Answers(disk));

        disk.Time.Advance(TimeSpan.FromHours(6));
        for (var i = 0; i < 300; i++) disk.Send("m", "steady", T0 + (20 * 3600 + i * 60) * 1000L, model["steady"].TryAdd(T0 + (20 * 3600 + i * 60) * 1000L, i) ? i : 0);
        disk.Store.TrySealAll();
        disk.Reopen();
        await AssertModel(disk, model);
        answers = await Answers(disk);
        Assert.True(new RollUp(disk.Store, disk.Settings, disk.Time).Run());
        await AssertModel(disk, model);
        Assert.Equal(answers, await Answers(disk));
    }

    [Fact]
    public async Task A_merge_that_does_not_end_leaves_all_as_it_was()
    {
        var model = new SortedDictionary<string, SortedList<long, double>>(StringComparer.Ordinal);
        using var disk = Filled(4, model);
        var blocks = Blocks(disk);
        using var merge = new Merge(disk.Store.Database!, new());
        Assert.Throws<InvalidOperationException>(() => disk.Store.Rewrite(transaction =>
        {
            Assert.NotEmpty(merge.Run(1, T0 + 12 * 3_600_000, long.MaxValue, transaction));
            throw new InvalidOperationException("the process dies here");
        }));
        Assert.Equal(blocks, Blocks(disk));
        await AssertModel(disk, model);
        disk.Reopen();
        await AssertModel(disk, model);
    }

    [Fact]
    public async Task A_query_that_began_before_a_merge_still_reads_what_it_began_with()
    {
        var model = new SortedDictionary<string, SortedList<long, double>>(StringComparer.Ordinal);
        using var disk = Filled(5, model);
        using var reader = disk.Store.Database!.OpenReader();
        var heads = disk.Store.Snapshot("m", reader);
        Assert.True(new RollUp(disk.Store, disk.Settings, disk.Time).Run());
        var blocks = TelemetryDatabase.FindBlocks(reader, heads.Metrics.Single().StoredId, BlockLevel.Raw, 0, long.MaxValue, heads.LastBlock);
        Assert.Equal(model.Sum(m => m.Value.Count), blocks.Sum(b => b.Points));
        Assert.DoesNotContain(blocks, b => b.IsMerged);
        await AssertModel(disk, model);
    }

    static async Task AssertModel(StoreOnDisk disk, SortedDictionary<string, SortedList<long, double>> model)
    {
        var answer = await disk.Raw("m");
        Assert.Equal(model.Keys, answer.Keys.Order(StringComparer.Ordinal));
        foreach (var (host, points) in model)
            Assert.Equal(points.Select(p => (p.Key, p.Value)), answer[host].Select(p => (p.UnixMs, p.Value)));
    }

    static async Task<List<string>> Answers(StoreOnDisk disk)
    {
        var answers = new List<string>();
        foreach (var aggregation in (Aggregation[])[Aggregation.Sum, Aggregation.Avg, Aggregation.Last, Aggregation.Min, Aggregation.Max, Aggregation.Count, Aggregation.Rate, Aggregation.P95])
            foreach (var seconds in (int[])[30, 60, 300])
            {
                var answer = await disk.Engine.RunAsync(new() { Metric = "m", From = StoreOnDisk.Start.AddMinutes(seconds), To = StoreOnDisk.Start.AddHours(25), Step = TimeSpan.FromSeconds(seconds), GroupBy = ["host.id"], Aggregation = aggregation });
                foreach (var series in answer.Series.OrderBy(s => s.Labels.ToString(), StringComparer.Ordinal))
                    answers.Add($"{aggregation} {seconds} {series.Labels} " + string.Join(" ", series.Points.Select(p => $"{p.UnixMs}={p.Value:G10}")));
            }
        return answers;
    }

    static long Blocks(StoreOnDisk disk)
    {
        using var reader = disk.Store.Database!.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT count(*) FROM block WHERE level = 0 AND late = 0";
        return (long)command.ExecuteScalar()!;
    }
}
