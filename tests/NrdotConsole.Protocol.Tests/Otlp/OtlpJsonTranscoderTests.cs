using System.Text;
using FsCheck.Xunit;
using Google.Protobuf;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.Tests.Otlp;

public class OtlpJsonTranscoderTests
{
    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void Reads_what_Google_writes_as_JSON_as_it_reads_the_bytes(ExportMetricsServiceRequest request, bool originalNames)
    {
        var bytes = request.ToByteArray();
        var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(originalNames).WithFormatEnumsAsIntegers(originalNames));
        var json = formatter.Format(ExportMetricsServiceRequest.Parser.ParseFrom(bytes));
        Assert.Equal(RecordingSink.Read(bytes), Lines(json));
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 200)]
    public void Damaged_JSON_is_transcoded_or_refused(ExportMetricsServiceRequest request, int seed)
    {
        var random = new Random(seed);
        var json = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(request));
        var transcoder = new OtlpJsonTranscoder();
        for (var round = 0; round < 20; round++)
        {
            if (transcoder.TryTranscode(Damage.Some(json, random), int.MaxValue, out var bytes, out var fault)) RecordingSink.Read(bytes);
            else Assert.StartsWith("JSON, line ", fault);
        }
    }

    [Theory]
    [InlineData("""{"asInt":"-9223372036854775808"}""", "-9.223372036854776E+18")]
    [InlineData("""{"asInt":7}""", "7")]
    [InlineData("""{"asInt":1e3}""", "1000")]
    [InlineData("""{"asDouble":"NaN"}""", "NaN")]
    [InlineData("""{"asDouble":"-Infinity"}""", "-Infinity")]
    [InlineData("""{"asDouble":"2.5"}""", "2.5")]
    [InlineData("""{"as_double":2.5,"exemplars":[{"traceId":"5b8efff798038103d269b633813fc60c"}],"somethingNew":{"a":[1]}}""", "2.5")]
    [InlineData("""{"asDouble":null,"attributes":null}""", "NaN")]
    [InlineData("""{"asDoubl\u0065":1}""", "1")]
    public void Numbers_may_be_written_in_many_ways(string point, string value) =>
        Assert.EndsWith(" " + value, Lines(Gauge(point))[^1]);

    [Theory]
    [InlineData("""{"asInt":1.5}""", "resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0].asInt: not a whole number")]
    [InlineData("""{"asInt":true}""", "asInt: a number is wanted")]
    [InlineData("""{"timeUnixNano":"-1"}""", "timeUnixNano: not a whole number of 0 or more")]
    [InlineData("""{"asDouble":1e999}""", "asDouble: not a double")]
    [InlineData("""{"attributes":{}}""", "attributes: an array is wanted")]
    [InlineData("""{"attributes":[{"key":7}]}""", "attributes[0].key: a string is wanted")]
    [InlineData("""{"attributes":[{"key":"k","value":{"bytesValue":"!"}}]}""", "bytesValue: not base64")]
    [InlineData("""{"attributes":[{"key":"\ud800"}]}""", "half a surrogate pair")]
    [InlineData("""{"flags":4294967296}""", "flags: a number out of range")]
    [InlineData("""{"asInt":1""", "line 1, byte")]
    public void A_fault_names_its_place(string point, string expected)
    {
        Assert.False(new OtlpJsonTranscoder().TryTranscode(Encoding.UTF8.GetBytes(Gauge(point)), int.MaxValue, out _, out var fault));
        Assert.Contains(expected, fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    public void What_is_no_object_is_refused(string json) =>
        Assert.False(new OtlpJsonTranscoder().TryTranscode(Encoding.UTF8.GetBytes(json), int.MaxValue, out _, out _));

    [Fact]
    public void Endless_nesting_is_refused()
    {
        var unknown = "{\"x\":" + new string('[', 1_000_000);
        Assert.False(new OtlpJsonTranscoder().TryTranscode(Encoding.UTF8.GetBytes(unknown), int.MaxValue, out _, out var fault));
        Assert.Contains("maximum configured depth", fault);

        var known = string.Concat(Enumerable.Repeat("{\"arrayValue\":{\"values\":[", 100_000));
        Assert.False(new OtlpJsonTranscoder().TryTranscode(Encoding.UTF8.GetBytes(Gauge($$"""{"attributes":[{"key":"k","value":{{known}}""")), int.MaxValue, out _, out fault));
        Assert.Contains("depth", fault);
    }

    [Fact]
    public void The_answer_is_bounded()
    {
        var wide = "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":[{\"explicitBounds\":[" + string.Join(',', Enumerable.Repeat('0', 100_000));
        Assert.False(new OtlpJsonTranscoder().TryTranscode(Encoding.UTF8.GetBytes(wide), 10_000, out _, out var fault));
        Assert.Contains("more than 10000 bytes", fault);
    }

    static string Gauge(string point) => """{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[""" + point + "]}}]}]}]}";

    static List<string> Lines(string json)
    {
        Assert.True(new OtlpJsonTranscoder().TryTranscode(Encoding.UTF8.GetBytes(json), int.MaxValue, out var request, out var fault), fault);
        return RecordingSink.Read(request);
    }
}
