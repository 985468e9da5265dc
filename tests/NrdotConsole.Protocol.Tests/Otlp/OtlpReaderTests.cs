using FsCheck.Xunit;
using Google.Protobuf;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.Tests.Otlp;

public class OtlpReaderTests
{
    [Property(Arbitrary = [typeof(Requests)], MaxTest = 400)]
    public void Reads_every_request_as_Google_does(ExportMetricsServiceRequest request)
    {
        var bytes = request.ToByteArray();
        Assert.Equal(OracleLines.Of(ExportMetricsServiceRequest.Parser.ParseFrom(bytes)), RecordingSink.Read(bytes));
    }

    /// <summary>Protobuf promises that bytes appended to bytes are a merged message: here, more resources.</summary>
    [Property(Arbitrary = [typeof(Requests)], MaxTest = 50)]
    public void Two_requests_one_after_the_other_are_one(ExportMetricsServiceRequest first, ExportMetricsServiceRequest second) =>
        Assert.Equal([.. RecordingSink.Read(first.ToByteArray()), .. RecordingSink.Read(second.ToByteArray())], RecordingSink.Read([.. first.ToByteArray(), .. second.ToByteArray()]));

    [Property(Arbitrary = [typeof(Requests)], MaxTest = 300)]
    public void Damaged_bytes_are_read_as_Google_reads_them_or_refused(ExportMetricsServiceRequest request, int seed)
    {
        var random = new Random(seed);
        var reader = new OtlpReader();
        for (var round = 0; round < 20; round++)
        {
            var bytes = Damage.Some(request.ToByteArray(), random);
            var sink = new RecordingSink();
            var result = reader.Read(bytes, sink);
            if (!result.IsOk)
            {
                Assert.InRange(result.Offset, 0, bytes.Length);
                continue;
            }
            if (Parse(bytes) is { } oracle) Assert.Equal(OracleLines.Of(oracle), sink.Lines);
        }
    }

    static ExportMetricsServiceRequest? Parse(byte[] bytes)
    {
        try
        {
            return ExportMetricsServiceRequest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
