using FsCheck.Xunit;
using NrdotConsole.Core.Cardinality;

namespace NrdotConsole.Core.Tests.Cardinality;

public sealed class TopCounterTests
{
    [Fact]
    public void It_is_exact_while_the_keys_fit()
    {
        var counter = new TopCounter<string>(3);
        string[] keys = ["a", "b", "a", "c", "a", "b"];
        foreach (var key in keys) counter.Add(key);
        Assert.Equal([new("a", 3, 0), new("b", 2, 0)], counter.Top(2));
    }

    [Fact]
    public void A_heavy_key_is_found_among_a_flood_of_rare_ones()
    {
        var counter = new TopCounter<int>(50);
        for (var i = 1; i <= 10_000; i++) counter.Add(i % 20 == 0 ? -1 : i);
        var top = counter.Top(1)[0];
        Assert.Equal(-1, top.Key);
        Assert.InRange(top.Count - top.Overcount, 0, 500);
        Assert.InRange(top.Count, 500, 500 + counter.ErrorBound);
        Assert.Equal(50, counter.Top(1_000).Count);
    }

    [Property]
    public bool No_count_is_below_the_truth_nor_above_it_by_more_than_the_bound(byte[] keys, byte capacity)
    {
        var counter = new TopCounter<int>(1 + capacity % 20);
        byte[] stream = [.. keys, .. keys.Select(k => (byte)(k % 7)), .. keys];
        foreach (var key in stream) counter.Add(key);
        var truth = stream.CountBy(k => (int)k).ToDictionary();
        return counter.Total == stream.Length
            && counter.ErrorBound <= counter.Total / counter.Capacity
            && counter.Top(100).All(t => t.Count >= truth[t.Key] && t.Count - t.Overcount <= truth[t.Key] && t.Overcount <= counter.ErrorBound)
            && truth.Where(t => t.Value > counter.ErrorBound).All(t => counter.Top(100).Any(top => top.Key == t.Key));
    }

    [Fact]
    public void A_count_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopCounter<int>(2).Add(1, 0));
}
