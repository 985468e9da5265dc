using System.Buffers;
using System.Text;
using NrdotConsole.App.Features.Telemetry.Api;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Api;

public sealed class QueryFormatsTests
{
    static readonly QueryResult Result = new("m", "By", MetricKind.Gauge,
    [
        new(Labels.Of(("host.name", "a,b"), ("x", "=1+1")),
            [new(0, 1.5), new(1000, double.NaN), new(2000, double.PositiveInfinity), new(3000, double.NegativeInfinity), new(4000, 0, Recorded: false)]),
    ], 2, TimeSpan.FromMinutes(1));

    [Fact]
    public void JSON_keeps_what_numbers_cannot_say()
    {
        var buffer = new ArrayBufferWriter<byte>();
        QueryJson.Write(buffer, Result);
        Assert.Equal(
            """{"metric":"m","unit":"By","kind":"Gauge","step":"1m","seriesOmitted":2,"series":[{"labels":{"host.name":"a,b","x":"=1\u002B1"},"points":[[0,1.5],[1000,"NaN"],[2000,"Infinity"],[3000,"-Infinity"],[4000,null]]}]}""",
            Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void CSV_has_a_column_a_label_and_quotes_and_defuses_its_cells() =>
        Assert.StartsWith("time,value,unit,host.name,x\r\n1970-01-01T00:00:00.000Z,1.5,By,\"a,b\",'=1+1\r\n", QueryCsv.Write(Result));
}
