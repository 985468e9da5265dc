using FsCheck.Xunit;
using Google.Protobuf;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;
using NrdotConsole.Protocol.Tests.Otlp;

namespace NrdotConsole.Protocol.Tests;

public class OtlpWriterTests
{
    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void Writes_byte_for_byte_what_Google_writes(ExportMetricsServiceRequest request)
    {
        OtlpWriterCopy.Trim(request);
        Assert.Equal(request.ToByteArray(), OtlpWriterCopy.Write(new OtlpWriter(), request).ToArray());
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 200)]
    public void What_is_written_is_read_again(ExportMetricsServiceRequest request)
    {
        OtlpWriterCopy.Trim(request);
        Assert.Equal(OracleLines.Of(request), RecordingSink.Read(OtlpWriterCopy.Write(new OtlpWriter(), request).Span));
    }

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 50)]
    public void A_cleared_writer_keeps_nothing_of_the_request_before(ExportMetricsServiceRequest first, ExportMetricsServiceRequest second)
    {
        OtlpWriterCopy.Trim(first);
        OtlpWriterCopy.Trim(second);
        var writer = new OtlpWriter(capacity: 16);
        OtlpWriterCopy.Write(writer, first);
        Assert.Equal(second.ToByteArray(), OtlpWriterCopy.Write(writer, second).ToArray());
    }

    [Fact]
    public void A_warm_writer_allocates_nothing()
    {
        var writer = new OtlpWriter();
        OtlpAttribute[] resource = [new("host.name", "prod-web-001"), new("process.pid", 4711)];
        OtlpAttribute[] state = [new("state", "user")];
        void WriteOne()
        {
            writer.Clear();
            for (var i = 0; i < 50; i++)
            {
                writer.Resource(resource);
                writer.Scope("scraper");
                writer.Metric("process.cpu.utilization", MetricKind.Gauge, "1");
                writer.Number(new(1, 2, false), 0.5, state);
            }
            writer.Complete();
        }
        WriteOne();
        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteOne();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, writer.Points);
    }

    [Fact]
    public void A_call_out_of_order_is_refused_by_name()
    {
        var writer = new OtlpWriter();
        Assert.Contains("Resource", Assert.Throws<InvalidOperationException>(() => writer.Scope()).Message, StringComparison.Ordinal);
        writer.Resource([]);
        Assert.Contains("Scope", Assert.Throws<InvalidOperationException>(() => writer.Metric("m", MetricKind.Gauge)).Message, StringComparison.Ordinal);
        writer.Scope();
        writer.Metric("m", MetricKind.Histogram);
        Assert.Contains("Histogram", Assert.Throws<InvalidOperationException>(() => writer.Number(default, 1)).Message, StringComparison.Ordinal);
    }
}
