using System.Text;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.Tests.Otlp;

public class OtlpResponsesTests
{
    [Fact]
    public void Google_reads_a_partial_success()
    {
        var partial = ExportMetricsServiceResponse.Parser.ParseFrom(OtlpResponses.Partial(300, "why", json: false)).PartialSuccess;
        Assert.Equal((300, "why"), (partial.RejectedDataPoints, partial.ErrorMessage));
        Assert.Equal("""{"partialSuccess":{"rejectedDataPoints":"300","errorMessage":"why"}}""", Encoding.UTF8.GetString(OtlpResponses.Partial(300, "why", json: true)));
    }

    [Fact]
    public void Google_reads_a_status_with_its_retry_delay()
    {
        var status = Status.Parser.ParseFrom(OtlpResponses.Status(8, "full", TimeSpan.FromSeconds(2.5), json: false));
        Assert.Equal((8, "full", "type.googleapis.com/google.rpc.RetryInfo"), (status.Code, status.Message, status.Details[0].TypeUrl));
        Assert.Equal([0x0A, 0x08, 0x08, 0x02, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01], status.Details[0].Value.ToByteArray());
        Assert.Equal(
            """{"code":8,"message":"full","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2.5s"}]}""",
            Encoding.UTF8.GetString(OtlpResponses.Status(8, "full", TimeSpan.FromSeconds(2.5), json: true)));
    }
}
