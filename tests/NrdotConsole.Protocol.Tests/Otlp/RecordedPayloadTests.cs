using System.Text.Json;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.Tests.Otlp;

/// <summary>Payloads of the collector's own tests, by their manifest; OTLP_PAYLOADS names another folder of the same shape to run over.</summary>
public class RecordedPayloadTests
{
    static readonly string Folder = Environment.GetEnvironmentVariable("OTLP_PAYLOADS") ?? Path.Combine(AppContext.BaseDirectory, "data");

    public sealed record Payload(string Name, string Origin, int Resources, int Metrics, int DataPoints);

    public static TheoryData<string> Names => [.. Manifest().Select(p => p.Name)];

    static List<Payload> Manifest() => JsonSerializer.Deserialize<List<Payload>>(File.ReadAllBytes(Path.Combine(Folder, "manifest.json")))!;

    [Theory]
    [MemberData(nameof(Names))]
    public void Protobuf_and_JSON_are_the_same_points_and_as_many_as_the_manifest_says(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name + ".pb"));
        var lines = RecordingSink.Read(bytes);
        Assert.Equal(OracleLines.Of(ExportMetricsServiceRequest.Parser.ParseFrom(bytes)), lines);

        Assert.True(new OtlpJsonTranscoder().TryTranscode(File.ReadAllBytes(Path.Combine(Folder, name + ".json")), int.MaxValue, out var request, out var fault), fault);
        Assert.Equal(lines, RecordingSink.Read(request));

        var expected = Manifest().Single(p => p.Name == name);
        Assert.Equal(
            (expected.Resources, expected.Metrics, expected.DataPoints),
            (Count(lines, "resource "), Count(lines, "metric "), Count(lines, "point ")));
    }

    static int Count(List<string> lines, string kind) => lines.Count(l => l.StartsWith(kind, StringComparison.Ordinal));
}
