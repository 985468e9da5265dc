using System.Globalization;
using System.Text;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.Tests.Otlp;

/// <summary>Writes down all it hears, one line an event, so that two readings compare as text.</summary>
sealed class RecordingSink : IPointSink
{
    public List<string> Lines { get; } = [];
    public long Points { get; private set; }

    public static List<string> Read(ReadOnlySpan<byte> request)
    {
        var sink = new RecordingSink();
        var result = new OtlpReader().Read(request, sink);
        Assert.True(result.IsOk, result.ToString());
        Assert.Equal(sink.Points, result.Points);
        return sink.Lines;
    }

    public void Resource(ReadOnlySpan<byte> attributes, int encodedBytes) => Lines.Add($"resource {Decode(attributes)}");

    public void Scope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes) =>
        Lines.Add($"scope {Text(name)} {Text(version)} {Decode(attributes)}");

    public void Metric(in MetricHeader m) =>
        Lines.Add($"metric {Text(m.Name)} {Text(m.Unit)} {Text(m.Description)} {m.Kind} {m.Temporality} {m.IsMonotonic}");

    public void Number(ReadOnlySpan<byte> attributes, in PointHeader point, double value) => Add($"{Head(attributes, point)} {N(value)}");

    public void Histogram(ReadOnlySpan<byte> attributes, in PointHeader point, in HistogramPoint v) =>
        Add($"{Head(attributes, point)} n={v.Count} {N(v.Sum)} {N(v.Min)} {N(v.Max)} [{List(v.BucketCounts)}] [{List(v.Bounds)}]");

    public void ExponentialHistogram(ReadOnlySpan<byte> attributes, in PointHeader point, in ExponentialHistogramPoint v) =>
        Add($"{Head(attributes, point)} n={v.Count} {N(v.Sum)} {N(v.Min)} {N(v.Max)} scale={v.Scale} zero={v.ZeroCount}/{N(v.ZeroThreshold)} "
            + $"{v.PositiveOffset}[{List(v.PositiveCounts)}] {v.NegativeOffset}[{List(v.NegativeCounts)}]");

    public void Summary(ReadOnlySpan<byte> attributes, in PointHeader point, in SummaryPoint v) =>
        Add($"{Head(attributes, point)} n={v.Count} {N(v.Sum)} [{List(v.Quantiles)}] [{List(v.Values)}]");

    void Add(string line)
    {
        Points++;
        Lines.Add(line);
    }

    static string Head(ReadOnlySpan<byte> attributes, in PointHeader p) =>
        $"point {Decode(attributes)} {p.StartUnixNano} {p.UnixNano}{(p.NoRecordedValue ? " none" : "")}";

    static string Decode(ReadOnlySpan<byte> attributes)
    {
        List<KeyValuePair<string, string>> pairs = [];
        Assert.True(AttributeDecoder.TryDecode(attributes, pairs), "The reader let attributes pass that cannot be decoded.");
        return "{" + string.Join(", ", pairs.Select(p => $"{p.Key}={p.Value}")) + "}";
    }

    static string Text(ReadOnlySpan<byte> utf8) => "'" + Encoding.UTF8.GetString(utf8) + "'";

    internal static string N(double value) => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);

    static string List<T>(ReadOnlySpan<T> values)
    {
        var text = new StringBuilder();
        foreach (var value in values) text.Append(value is double d ? N(d) : value!.ToString()).Append(' ');
        return text.ToString();
    }
}
