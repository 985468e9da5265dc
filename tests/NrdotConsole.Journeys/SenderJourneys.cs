using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace NrdotConsole.Journeys;

/// <summary>What a sender was told is kept: found again by REST with value, unit, attributes and time.</summary>
public sealed class SenderJourneys
{
    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task The_OpenTelemetry_SDK_s_exporter_is_found_again(OtlpExportProtocol protocol)
    {
        await using var console = await ConsoleProcess.StartAsync();
        using var meter = new Meter("journey");
        var counter = meter.CreateCounter<long>("journey.requests", "{request}", "Requests.");
        var gauge = meter.CreateGauge<double>("journey.temperature", "Cel");
        var histogram = meter.CreateHistogram<double>("journey.duration", "s");
        var port = protocol == OtlpExportProtocol.Grpc ? console.OtlpGrpcPort : console.OtlpHttpPort;
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(r => r.AddService("journey-service").AddAttributes([new("host.name", "journey-host")]))
            .AddMeter("journey")
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = protocol;
                exporter.Endpoint = new Uri($"http://127.0.0.1:{port}{(protocol == OtlpExportProtocol.Grpc ? "" : "/v1/metrics")}");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = int.MaxValue;
            })
            .Build();
        counter.Add(7, new KeyValuePair<string, object?>("route", "/a"), new KeyValuePair<string, object?>("ok", true));
        gauge.Record(-12.5);
        foreach (var seconds in new[] { 0.004, 0.2, 0.2, 8.0 }) histogram.Record(seconds);
        Assert.True(provider.ForceFlush(10_000));

        var requests = await QueryAsync(console, "metric=journey.requests");
        Assert.Equal("{request}", requests.GetProperty("unit").GetString());
        var series = Assert.Single(requests.GetProperty("series").EnumerateArray());
        Assert.Equal(("/a", "true", "journey-host", "journey-service"), (Label(series, "route"), Label(series, "ok"), Label(series, "host.name"), Label(series, "service.name")));
        var point = Assert.Single(series.GetProperty("points").EnumerateArray());
        Assert.Equal(7, point[1].GetDouble());
        Assert.InRange(point[0].GetInt64(), DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(-12.5, Value(await QueryAsync(console, "metric=journey.temperature")));
        Assert.Equal(4, Value(await QueryAsync(console, "metric=journey.duration&agg=count&step=1h&group=")));
        Assert.Equal(8.404, Value(await QueryAsync(console, "metric=journey.duration&agg=sum&step=1h&group=")), 9);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_to_kill_9()
    {
        var console = await ConsoleProcess.StartAsync();
        var acknowledged = 0;
        using (var sender = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{console.OtlpHttpPort}") })
        {
            var sending = Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        using var body = Gauge("journey.count", acknowledged + 1);
                        using var answer = await sender.PostAsync("/v1/metrics", body);
                        if (answer.StatusCode != HttpStatusCode.OK) return;
                        Interlocked.Increment(ref acknowledged);
                    }
                }
                catch (HttpRequestException) { }
            });
            while (Volatile.Read(ref acknowledged) < 500) await Task.Delay(10);
            await console.KillAsync();
            await sending;
        }
        await using var again = await ConsoleProcess.StartAsync(console.DataDirectory);
        var found = await QueryAsync(again, "metric=journey.count&from=now-1h&to=now");
        var values = found.GetProperty("series").EnumerateArray().Single().GetProperty("points").EnumerateArray().Select(p => p[1].GetDouble()).ToHashSet();
        Assert.Equal([], Enumerable.Range(1, acknowledged).Where(n => !values.Contains(n)).ToList());
        await console.DisposeAsync();
    }

    [Fact]
    public async Task What_a_sender_got_wrong_is_told_and_the_console_stays_well()
    {
        await using var console = await ConsoleProcess.StartAsync();
        using var sender = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{console.OtlpHttpPort}") };
        using var broken = new ByteArrayContent([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]);
        broken.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        Assert.Equal(HttpStatusCode.BadRequest, (await sender.PostAsync("/v1/metrics", broken)).StatusCode);
        using var deep = new StringContent(new string('[', 200_000), Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await sender.PostAsync("/v1/metrics", deep)).StatusCode);
        using var text = new StringContent("hello", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await sender.PostAsync("/v1/metrics", text)).StatusCode);
        using var logs = new StringContent("""{"resourceLogs":[]}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await sender.PostAsync("/v1/logs", logs)).StatusCode);
        using var ready = await console.Api.GetAsync("healthz/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    static StringContent Gauge(string metric, double value)
    {
        var unixNano = (DateTimeOffset.UtcNow.AddMinutes(-30).ToUnixTimeMilliseconds() + (long)value) * 1_000_000;
        return new(JsonSerializer.Serialize(new
        {
            resourceMetrics = new[]
            {
                new
                {
                    resource = new { attributes = new[] { new { key = "host.name", value = new { stringValue = "journey-host" } } } },
                    scopeMetrics = new[] { new { metrics = new[] { new { name = metric, gauge = new { dataPoints = new[] { new { timeUnixNano = $"{unixNano}", asDouble = value } } } } } } },
                },
            },
        }), Encoding.UTF8, "application/json");
    }

    static async Task<JsonElement> QueryAsync(ConsoleProcess console, string parameters)
    {
        using var answer = await console.Api.GetAsync("api/v1/query?" + parameters);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    static string? Label(JsonElement series, string key) => series.GetProperty("labels").GetProperty(key).GetString();

    static double Value(JsonElement result) => result.GetProperty("series")[0].GetProperty("points")[0][1].GetDouble();
}
