using FsCheck.Xunit;
using NrdotConsole.Core.Cardinality;

namespace NrdotConsole.Core.Tests.Cardinality;

public sealed class HyperLogLogTests
{
    static HyperLogLog Of(IEnumerable<ulong> ids, int precision = 10)
    {
        var sketch = new HyperLogLog(precision);
        foreach (var id in ids) sketch.Add(id);
        return sketch;
    }

    static IEnumerable<ulong> Range(ulong from, int count) => Enumerable.Range(0, count).Select(i => from + (ulong)i);

    [Fact]
    public void It_is_exact_up_to_its_limit_and_says_so()
    {
        var sketch = Of(Range(1, HyperLogLog.ExactLimit).Concat(Range(1, 100)));
        Assert.Equal((256, true, 0.0), (sketch.Estimate, sketch.IsExact, sketch.RelativeError));
        sketch.Add(99_999);
        Assert.False(sketch.IsExact);
        Assert.Equal(1.04 / 32, sketch.RelativeError);
    }

    [Theory]
    [InlineData(12, 1_000)]
    [InlineData(12, 30_000)]
    [InlineData(14, 10_000)]
    [InlineData(14, 100_000)]
    [InlineData(14, 1_000_000)]
    public void Its_error_stays_within_three_sigma_and_is_not_biased(int precision, int count)
    {
        const int runs = 10;
        double sum = 0;
        for (ulong run = 0; run < runs; run++)
        {
            var error = (double)Of(Range(run << 32, count), precision).Estimate / count - 1;
            Assert.InRange(error, -3 * HyperLogLog.StandardError(precision), 3 * HyperLogLog.StandardError(precision));
            sum += error;
        }
        Assert.InRange(sum / runs, -1.2 * HyperLogLog.StandardError(precision), 1.2 * HyperLogLog.StandardError(precision));
    }

    [Property(MaxTest = 60)]
    public bool A_merge_is_the_union(ulong[] a, ulong[] b, ushort many)
    {
        var (left, right) = (a.Concat(Range(5, many % 600)), b.Concat(Range(300, many % 900)));
        var merged = Of(left);
        merged.Merge(Of(right));
        return merged.ToBytes().AsSpan().SequenceEqual(Of(left.Concat(right)).ToBytes());
    }

    [Property(MaxTest = 60)]
    public bool A_merge_with_itself_changes_nothing_and_order_does_not_matter(ushort n, ushort m)
    {
        HyperLogLog A() => Of(Range(0, n % 1_000));
        HyperLogLog B() => Of(Range(500, m % 1_000));
        var (ab, ba, aa) = (A(), B(), A());
        ab.Merge(B());
        ba.Merge(A());
        aa.Merge(aa);
        return ab.ToBytes().AsSpan().SequenceEqual(ba.ToBytes()) && aa.ToBytes().AsSpan().SequenceEqual(A().ToBytes());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(5_000)]
    public void Its_bytes_read_back_as_the_same_sketch(int count)
    {
        var sketch = Of(Range(3, count));
        Assert.True(HyperLogLog.TryRead(sketch.ToBytes(), out var read, out _));
        Assert.Equal(sketch.Estimate, read!.Estimate);
        Assert.Equal(sketch.ToBytes(), read.ToBytes());
        read.Add(1_000_000);
        sketch.Add(1_000_000);
        Assert.Equal(sketch.Estimate, read.Estimate);
    }

    [Property]
    public bool Any_bytes_are_read_or_refused_with_a_fault(byte[] bytes, bool dense)
    {
        byte[] dressed = [(byte)'H', (byte)'L', 1, 4, (byte)(dense ? 1 : 0), .. bytes];
        return Holds(bytes) && Holds(dressed) && Holds([.. Of(Range(1, 2_000)).ToBytes()[..(5 + bytes.Length % 1_000)]]);
        static bool Holds(byte[] b) => HyperLogLog.TryRead(b, out var sketch, out var fault) ? sketch!.Estimate >= 0 : fault.Length > 0;
    }

    [Fact]
    public void Hostile_registers_and_counts_are_refused_and_full_ones_do_not_overflow()
    {
        byte[] Dense(byte rank) => [(byte)'H', (byte)'L', 1, 4, 1, .. Enumerable.Repeat(rank, 16)];
        Assert.False(HyperLogLog.TryRead(Dense(62), out _, out var fault));
        Assert.Contains("61", fault, StringComparison.Ordinal);
        Assert.True(HyperLogLog.TryRead(Dense(61), out var full, out _));
        Assert.Equal(1_000_000_000_000_000, full!.Estimate);
        Assert.False(HyperLogLog.TryRead([(byte)'H', (byte)'L', 1, 14, 0, 255, 255, 255, 127], out _, out fault));
        Assert.Contains("count", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Sketches_of_two_precisions_do_not_merge() =>
        Assert.Throws<ArgumentException>(() => new HyperLogLog(10).Merge(new HyperLogLog(11)));

    [Fact]
    public void Counting_into_registers_allocates_nothing()
    {
        var sketch = Of(Range(0, 1_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 10_000; i++) sketch.Add(i);
        _ = sketch.Estimate;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Texts_that_differ_by_one_letter_hash_apart()
    {
        var hashes = Enumerable.Range(0, 100_000).Select(i => Hash64.Of($"nginx-worker-{i}")).ToHashSet();
        Assert.Equal(100_000, hashes.Count);
        Assert.NotEqual(Hash64.Of("a\0"), Hash64.Of("a"));
        Assert.NotEqual(Hash64.Combine(1, 2), Hash64.Combine(2, 1));
    }
}
