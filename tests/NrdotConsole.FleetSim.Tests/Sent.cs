using System.Text;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Tests;

sealed record SentPoint(
    string Metric, string Unit, MetricKind Kind, Temporality Temporality, bool Monotonic,
    Dictionary<string, string> Resource, Dictionary<string, string> Attributes, ulong StartNano, ulong Nano, double Value)
{
    public string Executable => Resource.GetValueOrDefault("process.executable.name", "");
}

/// <summary>What a console would read of the simulator's requests.</summary>
sealed class Sent : IPointSink
{
    static readonly DateTimeOffset s_begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    Dictionary<string, string> _resource = [];
    string _metric = "", _unit = "";
    MetricKind _kind;
    Temporality _temporality;
    bool _monotonic;

    public List<SentPoint> Points { get; } = [];

    public static DateTimeOffset Begin => s_begin;

    public static List<SentPoint> Read(ReadOnlySpan<byte> request)
    {
        var sent = new Sent();
        var result = new OtlpReader().Read(request, sent);
        Assert.True(result.IsOk, result.ToString());
        return sent.Points;
    }

    /// <summary>Runs a world that is live from <see cref="Begin"/>, and reads what one host or all of them send.</summary>
    public static List<(SimBatch Batch, List<SentPoint> Points)> Run(WorldOptions options, TimeSpan length, string? host = null)
    {
        var batches = new List<(SimBatch, List<SentPoint>)>();
        new World(options, Begin, Begin).Step(Begin + length, b =>
        {
            if (host is null || b.Host.Name == host) batches.Add((b, Read(b.Body.Span)));
        });
        return batches;
    }

    public void Resource(ReadOnlySpan<byte> attributes, int encodedBytes) => _resource = Decode(attributes);

    public void Scope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes)
    {
    }

    public void Metric(in MetricHeader metric) =>
        (_metric, _unit, _kind, _temporality, _monotonic) = (Encoding.UTF8.GetString(metric.Name), Encoding.UTF8.GetString(metric.Unit), metric.Kind, metric.Temporality, metric.IsMonotonic);

    public void Number(ReadOnlySpan<byte> attributes, in PointHeader point, double value) => Add(attributes, point, value);
    public void Histogram(ReadOnlySpan<byte> attributes, in PointHeader point, in HistogramPoint value) => Add(attributes, point, value.Count);
    public void ExponentialHistogram(ReadOnlySpan<byte> attributes, in PointHeader point, in ExponentialHistogramPoint value) => Add(attributes, point, value.Count);
    public void Summary(ReadOnlySpan<byte> attributes, in PointHeader point, in SummaryPoint value) => Add(attributes, point, value.Count);

    void Add(ReadOnlySpan<byte> attributes, in PointHeader point, double value) =>
        Points.Add(new(_metric, _unit, _kind, _temporality, _monotonic, _resource, Decode(attributes), point.StartUnixNano, point.UnixNano, value));

    static Dictionary<string, string> Decode(ReadOnlySpan<byte> attributes)
    {
        List<KeyValuePair<string, string>> pairs = [];
        Assert.True(AttributeDecoder.TryDecode(attributes, pairs));
        return pairs.ToDictionary();
    }
}
