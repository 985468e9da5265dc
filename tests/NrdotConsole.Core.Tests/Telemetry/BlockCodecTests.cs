using FsCheck.Xunit;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Tests.Telemetry;

public sealed class BlockCodecTests
{
    [Property(MaxTest = 300)]
    public void Every_series_is_read_again(int seed)
    {
        var random = new Random(seed);
        var series = new List<(int Resource, int Attributes, long[] Times, double[] Values)>();
        for (var s = random.Next(1, 20); s > 0; s--)
        {
            var count = random.Next(8) == 0 ? random.Next(200, 2000) : random.Next(1, 60);
            var times = series.Count > 0 && random.Next(2) == 0 ? series[^1].Times : Times(random, count);
            series.Add((random.Next(), random.Next(), times, Values(random, times.Length)));
        }
        var writer = new BlockCodec.Writer();
        foreach (var (resource, attributes, times, values) in series) writer.Add(resource, attributes, times, values);
        Assert.Equal((series.Count, series.Sum(s => s.Times.Length)), (writer.Series, writer.Points));
        var reader = new BlockCodec.Reader();
        reader.Open(writer.Finish());
        foreach (var (resource, attributes, times, values) in series)
        {
            Assert.True(reader.Next());
            Assert.Equal((resource, attributes), (reader.Resource, reader.Attributes));
            Assert.Equal(times, reader.Times.ToArray());
            if (random.Next(4) == 0) continue;
            Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), reader.Values().ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
        Assert.False(reader.Next());
    }

    static long[] Times(Random random, int count)
    {
        var time = random.NextInt64(-1L << 50, 1L << 50);
        return [.. Enumerable.Range(0, count).Select(_ => time += random.Next(3) == 0 ? random.Next(1, 100_000) : 60_000)];
    }

    static double[] Values(Random random, int count)
    {
        var shape = random.Next(12);
        var whole = random.NextInt64(1, 1L << random.Next(1, 30));
        var scale = 1L << random.Next(52);
        var counter = 0L;
        return [.. Enumerable.Range(0, count).Select(i => shape switch
        {
            0 => 42.5,
            1 => i * 17d,
            2 => random.Next(100_000) / 100d,
            3 => BitConverter.Int64BitsToDouble(random.NextInt64()),
            4 => i % 3 == 0 ? double.NaN : i % 3 == 1 ? StaleMark.Value : double.NegativeInfinity,
            5 => i % 2 == 0 ? 0d : -0d,
            6 => counter = random.Next(30) == 0 ? 0 : counter + random.NextInt64(scale) / count,
            7 => counter += scale / count,
            10 => random.NextInt64(whole + 1) / (double)whole,
            11 => random.NextDouble(),
            8 => random.NextInt64(-scale, scale),
            _ => random.Next(10_000_000) / 1_000_000d,
        })];
    }

    /// <summary>Memory in use is counted in pages, a process' CPU in ticks of 10 ms: what senders divide by stays the same.</summary>
    [Theory]
    [InlineData(16_777_216, 2_000_000, 3)]
    [InlineData(16_374_124, 2_000_000, 3)]
    [InlineData(72_000, 900, 2)]
    [InlineData(1_000_003, 250, 1)]
    public void Shares_of_a_whole_take_the_room_of_what_was_divided(long whole, int spread, int bytes)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 360).Select(_ => (whole / 3 + random.Next(spread)) / (double)whole).ToArray();
        var writer = new BlockCodec.Writer();
        writer.Add(1, 2, [.. Enumerable.Range(0, 360).Select(i => i * 60_000L)], values);
        var block = writer.Finish();
        // And one byte for the step between two times.
        Assert.True(block.Length < 360 * (bytes + 1) + 40, $"{block.Length / 360d} bytes a value.");
        var reader = new BlockCodec.Reader();
        reader.Open(block);
        Assert.True(reader.Next());
        Assert.Equal(values, reader.Values().ToArray());
    }

    [Fact]
    public void A_block_of_the_version_before_is_read()
    {
        var writer = new BlockCodec.Writer();
        writer.Add(1, 2, [1000, 2000], [1.25, double.Pi]);
        var block = writer.Finish();
        block[0] = 2;
        var reader = new BlockCodec.Reader();
        reader.Open(block);
        Assert.True(reader.Next());
        Assert.Equal([1.25, double.Pi], reader.Values().ToArray());
    }

    [Fact]
    public void A_cut_block_is_an_error()
    {
        var writer = new BlockCodec.Writer();
        writer.Add(1, 2, [1000, 2000, 3000], [1, 2.5, double.Pi]);
        var block = writer.Finish();
        for (var length = 0; length < block.Length; length++)
            Assert.Throws<InvalidDataException>(() => ReadAll(block.AsMemory(0, length)));
    }

    [Fact]
    public void A_block_of_another_version_says_which()
    {
        var writer = new BlockCodec.Writer();
        writer.Add(1, 2, [1000], [1]);
        var block = writer.Finish();
        block[0]++;
        var fault = Assert.Throws<InvalidDataException>(() => ReadAll(block));
        Assert.Contains($"version {block[0]}; this program reads version {block[0] - 1}", fault.Message, StringComparison.Ordinal);
    }

    static void ReadAll(ReadOnlyMemory<byte> block)
    {
        var reader = new BlockCodec.Reader();
        reader.Open(block);
        while (reader.Next()) reader.Values();
    }
}
