using System.Buffers.Binary;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

internal enum SeriesPart : byte { Count = 1, Sum, Min, Max, ZeroCount, Bucket, ExponentialBucket, Quantile }

/// <summary>
/// The suffix that tells the parts of one histogram or summary point apart, behind the point's raw attributes:
/// <code>part (1 byte) | le or quantile (double) | gt (double, exponential buckets only)</code>
/// </summary>
internal static class PartKey
{
    public const int MaxBytes = 17;

    public const string Part = "otel.part", UpperBound = "le", LowerBound = "gt", Quantile = "quantile";

    public static int Write(Span<byte> to, SeriesPart part, double upper, double lower)
    {
        to[0] = (byte)part;
        if (part < SeriesPart.Bucket) return 1;
        BinaryPrimitives.WriteDoubleLittleEndian(to[1..], upper);
        if (part != SeriesPart.ExponentialBucket) return 9;
        BinaryPrimitives.WriteDoubleLittleEndian(to[9..], lower);
        return 17;
    }

    public static void AddLabels(ReadOnlySpan<byte> suffix, Dictionary<string, string> into)
    {
        if (suffix.IsEmpty) return;
        var part = (SeriesPart)suffix[0];
        into[Part] = part switch
        {
            SeriesPart.Count => "count",
            SeriesPart.Sum => "sum",
            SeriesPart.Min => "min",
            SeriesPart.Max => "max",
            SeriesPart.ZeroCount => "zero_count",
            SeriesPart.Quantile => "quantile",
            _ => "bucket",
        };
        if (part < SeriesPart.Bucket) return;
        into[part == SeriesPart.Quantile ? Quantile : UpperBound] = Bound(suffix[1..]);
        if (part == SeriesPart.ExponentialBucket) into[LowerBound] = Bound(suffix[9..]);
    }

    static string Bound(ReadOnlySpan<byte> from) => Format(BinaryPrimitives.ReadDoubleLittleEndian(from));

    public static string Format(double bound) =>
        double.IsPositiveInfinity(bound) ? "+Inf" : double.IsNegativeInfinity(bound) ? "-Inf" : bound.ToString("R");

    public static double Parse(string bound) =>
        bound == "+Inf" ? double.PositiveInfinity : bound == "-Inf" ? double.NegativeInfinity : double.TryParse(bound, out var value) ? value : double.NaN;
}
