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
        var shape = random.Next(10);
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
            8 => random.NextInt64(-scale, scale),
            _ => random.Next(10_000_000) / 1_000_000d,
        })];
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
