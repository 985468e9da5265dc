using FsCheck.Xunit;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Tests.Telemetry;

public sealed class HeadCodecTests
{
    [Property(MaxTest = 500)]
    public void Every_bit_pattern_and_every_step_is_read_again(long start, (int Step, long Bits, byte Shape)[] points)
    {
        var time = start / 4;
        var last = 0d;
        var times = new List<long>();
        var values = new List<double>();
        foreach (var (step, bits, shape) in points)
        {
            time += step == int.MinValue ? 1 : Math.Abs(step) + 1L;
            last = (shape % 6) switch
            {
                0 => last,
                1 => last + (bits % 100),
                2 => BitConverter.Int64BitsToDouble(bits),
                3 => bits % 100_000 / 100d,
                4 => bits % 1_000_000 / 10_000d,
                _ => bits,
            };
            times.Add(time);
            values.Add(last);
        }
        AssertSame(times, values);
    }

    [Fact]
    public void Marks_zeros_and_extremes_are_read_again()
    {
        double[] values = [0, -0d, double.NaN, StaleMark.Value, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue, 1L << 53, -(1L << 53), 0.01, 0.1 + 0.2, -0.01];
        AssertSame([.. Enumerable.Range(0, values.Length).Select(i => i * 60_000L)], [.. values]);
    }

    [Fact]
    public void A_counter_at_a_steady_step_takes_a_byte_a_point()
    {
        var (bytes, _) = Write([.. Enumerable.Range(0, 100).Select(i => 1_700_000_000_000 + i * 60_000L)], [.. Enumerable.Range(0, 100).Select(i => 5d + i * 7)]);
        Assert.InRange(bytes.Length, 100, 115);
    }

    [Fact]
    public void Cut_bytes_are_an_error_and_never_a_wrong_answer()
    {
        var (bytes, count) = Write([1000, 2000, 3500], [1.5, 2.25, double.Pi]);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => HeadCodec.Read(bytes.AsSpan(0, length), count, new long[3], new double[3]));
    }

    static void AssertSame(List<long> times, List<double> values)
    {
        var (bytes, count) = Write(times, values);
        var readTimes = new long[count];
        var readValues = new double[count];
        HeadCodec.Read(bytes, count, readTimes, readValues);
        Assert.Equal(times, readTimes);
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), readValues.Select(BitConverter.DoubleToInt64Bits));
    }

    static (byte[] Bytes, int Count) Write(List<long> times, List<double> values)
    {
        var bytes = new List<byte>();
        var room = new byte[HeadCodec.MaxPointBytes];
        for (var i = 0; i < times.Count; i++)
        {
            var length = HeadCodec.Append(room, i, i > 0 ? times[i - 1] : 0, i > 1 ? times[i - 2] : 0, i > 0 ? values[i - 1] : 0, times[i], values[i]);
            bytes.AddRange(room.AsSpan(0, length));
        }
        return ([.. bytes], times.Count);
    }
}
