using System.Text;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

/// <summary>Writes ExportMetricsServiceRequests for tests, field by field.</summary>
internal sealed class OtlpBytes
{
    readonly List<byte> _request = [];

    public static byte[] Gauge(string metric, (string, string)[] resource, (string, string)[] attributes, params (long Ms, double Value)[] points) =>
        new OtlpBytes().Add(resource, Number(metric, MetricKind.Gauge, Temporality.Unspecified, false, attributes, points)).ToArray();

    public static byte[] Sum(string metric, Temporality temporality, (string, string)[] resource, (string, string)[] attributes, params (long Ms, double Value)[] points) =>
        new OtlpBytes().Add(resource, Number(metric, MetricKind.Sum, temporality, true, attributes, points)).ToArray();

    public byte[] ToArray() => [.. _request];

    public OtlpBytes Add((string, string)[] resource, params byte[][] metrics) => Add(resource, ("", ""), metrics);

    public OtlpBytes Add((string, string)[] resource, (string Name, string Version) scope, params byte[][] metrics)
    {
        byte[] scopeBytes = [.. Field(1, Encoding.UTF8.GetBytes(scope.Name)), .. Field(2, Encoding.UTF8.GetBytes(scope.Version))];
        byte[] scopeMetrics = [.. Field(1, scopeBytes), .. metrics.SelectMany(m => Field(2, m))];
        byte[] resourceBytes = [.. Attributes(1, resource)];
        _request.AddRange(Field(1, [.. Field(1, resourceBytes), .. Field(2, scopeMetrics)]));
        return this;
    }

    public static byte[] Number(string name, MetricKind kind, Temporality temporality, bool monotonic, (string, string)[] attributes, params (long Ms, double Value)[] points) =>
        Number(name, kind, temporality, monotonic, [.. points.Select(p => (attributes, p.Ms, p.Value))]);

    public static byte[] Number(string name, MetricKind kind, Temporality temporality, bool monotonic, ((string, string)[] Attributes, long Ms, double Value)[] points)
    {
        var data = points.SelectMany(p => Field(1,
        [
            .. Attributes(7, p.Attributes), .. Fixed64(3, (ulong)p.Ms * 1_000_000), .. Fixed64(4, BitConverter.DoubleToUInt64Bits(p.Value)),
        ]));
        return kind == MetricKind.Gauge
            ? [.. Named(name), .. Field(5, [.. data])]
            : [.. Named(name), .. Field(7, [.. data, .. Varint(2, (ulong)temporality), .. Varint(3, monotonic ? 1u : 0)])];
    }

    /// <summary>A gauge's point with the flag of no recorded value.</summary>
    public static byte[] NoValue(string name, long ms) =>
        [.. Named(name), .. Field(5, [.. Field(1, [.. Fixed64(3, (ulong)ms * 1_000_000), .. Varint(8, 1)])])];

    public static byte[] Histogram(string name, Temporality temporality, long ms, ulong[] counts, double[] bounds, double sum)
    {
        byte[] point =
        [
            .. Fixed64(3, (ulong)ms * 1_000_000), .. Fixed64(4, (ulong)counts.Sum(c => (long)c)), .. Fixed64(5, BitConverter.DoubleToUInt64Bits(sum)),
            .. Field(6, [.. counts.SelectMany(BitConverter.GetBytes)]), .. Field(7, [.. bounds.SelectMany(BitConverter.GetBytes)]),
        ];
        return [.. Named(name), .. Field(9, [.. Field(1, point), .. Varint(2, (ulong)temporality)])];
    }

    public static byte[] ExponentialHistogram(string name, long ms, int scale, ulong zeroCount, int offset, ulong[] counts)
    {
        byte[] buckets = [.. Varint(1, (ulong)((offset << 1) ^ (offset >> 31)) & uint.MaxValue), .. Field(2, [.. counts.SelectMany(c => Number(c))])];
        byte[] point =
        [
            .. Fixed64(3, (ulong)ms * 1_000_000), .. Fixed64(4, zeroCount + (ulong)counts.Sum(c => (long)c)),
            .. Varint(6, (ulong)((scale << 1) ^ (scale >> 31)) & uint.MaxValue), .. Fixed64(7, zeroCount), .. Field(8, buckets),
        ];
        return [.. Named(name), .. Field(10, [.. Field(1, point), .. Varint(2, (ulong)Temporality.Delta)])];
    }

    public static byte[] Summary(string name, long ms, ulong count, double sum, params (double Quantile, double Value)[] quantiles)
    {
        byte[] point =
        [
            .. Fixed64(3, (ulong)ms * 1_000_000), .. Fixed64(4, count), .. Fixed64(5, BitConverter.DoubleToUInt64Bits(sum)),
            .. quantiles.SelectMany(q => Field(6, [.. Fixed64(1, BitConverter.DoubleToUInt64Bits(q.Quantile)), .. Fixed64(2, BitConverter.DoubleToUInt64Bits(q.Value))])),
        ];
        return [.. Named(name), .. Field(11, [.. Field(1, point)])];
    }

    static IEnumerable<byte> Attributes(int field, (string Key, string Value)[] pairs) =>
        pairs.SelectMany(p => Field(field, [.. Field(1, Encoding.UTF8.GetBytes(p.Key)), .. Field(2, Field(1, Encoding.UTF8.GetBytes(p.Value)))]));

    static byte[] Named(string name) => [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(3, "By"u8.ToArray())];

    static byte[] Field(int number, byte[] bytes) => [.. Number((ulong)(number << 3 | 2)), .. Number((ulong)bytes.Length), .. bytes];

    static byte[] Fixed64(int number, ulong value) => [.. Number((ulong)(number << 3 | 1)), .. BitConverter.GetBytes(value)];

    static byte[] Varint(int number, ulong value) => [.. Number((ulong)(number << 3)), .. Number(value)];

    static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
