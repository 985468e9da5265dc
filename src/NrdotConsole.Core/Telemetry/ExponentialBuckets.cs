namespace NrdotConsole.Core.Telemetry;

/// <summary>One side of an exponential histogram: bucket i counts values in (base^(offset+i), base^(offset+i+1)], base = 2^(2^-scale).</summary>
public readonly ref struct ExponentialBuckets(int scale, int offset, ReadOnlySpan<ulong> counts)
{
    /// <summary>Most buckets that a side keeps; the OpenTelemetry SDKs' own default.</summary>
    public const int MaxBuckets = 160;

    readonly ReadOnlySpan<ulong> _counts = counts;

    public readonly record struct Bucket(double Lower, double Upper, ulong Count);

    /// <summary>How often to halve the resolution so that no more than <see cref="MaxBuckets"/> are left.</summary>
    public int ShiftToFit()
    {
        var shift = 0;
        if (_counts.IsEmpty) return shift;
        while ((((long)offset + _counts.Length - 1) >> shift) - ((long)offset >> shift) >= MaxBuckets) shift++;
        return shift;
    }

    /// <summary>The buckets that count something, ascending. Two neighbours join at each <paramref name="shift"/>: an exact operation, bounds of a coarser scale are bounds of the finer one.</summary>
    public List<Bucket> Downscaled(int shift)
    {
        var buckets = new List<Bucket>();
        long current = 0;
        ulong sum = 0;
        for (var i = 0; i <= _counts.Length; i++)
        {
            var index = i == _counts.Length ? long.MaxValue : ((long)offset + i) >> shift;
            if (index != current)
            {
                if (sum > 0) buckets.Add(new(Bound(scale - shift, current), Bound(scale - shift, current + 1), sum));
                current = index;
                sum = 0;
            }
            if (i < _counts.Length) sum += _counts[i];
        }
        return buckets;
    }

    /// <summary>base^index = 2^(index x 2^-scale), exact where the exponent is whole.</summary>
    public static double Bound(int scale, long index) => Math.Pow(2, Math.ScaleB(index, -scale));
}
