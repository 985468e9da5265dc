using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.FleetSim.Sending;

namespace NrdotConsole.FleetSim.Tests;

public sealed class SendingTests : IDisposable
{
    /// <summary>Answers as it is told, one answer an attempt, and remembers what it was given.</summary>
    sealed class ScriptedExporter(ConcurrentQueue<ExportResult> answers, ConcurrentQueue<byte> seen, SemaphoreSlim asked) : IExporter
    {
        public Task<ExportResult> ExportAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
        {
            seen.Enqueue(request.Span[0]);
            asked.Release();
            return Task.FromResult(answers.TryDequeue(out var answer) ? answer : new(ExportOutcome.Accepted));
        }

        public void Dispose()
        {
        }
    }

    readonly ConcurrentQueue<ExportResult> _answers = new();
    readonly ConcurrentQueue<byte> _seen = new();
    readonly SemaphoreSlim _asked = new(0);
    readonly SignallingTime _time = new();
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>A fake clock that tells when somebody has begun to wait by it.</summary>
    sealed class SignallingTime : FakeTimeProvider, IDisposable
    {
        public SemaphoreSlim TimerSet { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            TimerSet.Release();
            return timer;
        }

        public void Dispose() => TimerSet.Dispose();
    }

    public void Dispose()
    {
        _asked.Dispose();
        _time.Dispose();
    }

    BatchSender Sender(int places = 10) => new(() => new ScriptedExporter(_answers, _seen, _asked), 1, places, _time);

    [Fact]
    public async Task A_host_s_requests_arrive_in_order_and_are_counted()
    {
        await using var sender = Sender(100);
        for (byte i = 0; i < 50; i++) Assert.True(sender.TryEnqueue(3, new byte[] { i }, 2));
        await sender.DrainAsync(s_limit);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (byte)i), _seen);
        Assert.Equal((100L, 0L, 0L, 0L, 50L), (sender.Counters.Sent, sender.Counters.Refused, sender.Counters.Dropped, sender.Counters.Waiting, sender.Counters.Requests));
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_after_as_long_as_the_receiver_asks()
    {
        _answers.Enqueue(new(ExportOutcome.Retry, RetryAfter: TimeSpan.FromSeconds(7)));
        await using var sender = Sender();
        sender.TryEnqueue(0, new byte[] { 1 }, 5);
        Assert.True(await _asked.WaitAsync(s_limit));
        Assert.True(await _time.TimerSet.WaitAsync(s_limit));
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(_seen);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(await _asked.WaitAsync(s_limit));
        await sender.DrainAsync(s_limit);
        Assert.Equal((5L, 1L), (sender.Counters.Sent, sender.Counters.Retries));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_not_tried_again()
    {
        _answers.Enqueue(new(ExportOutcome.Refused, Message: "400 Bad Request"));
        await using var sender = Sender();
        sender.TryEnqueue(0, new byte[] { 1 }, 5);
        await sender.DrainAsync(s_limit);
        Assert.Equal((0L, 5L, "400 Bad Request"), (sender.Counters.Sent, sender.Counters.Refused, sender.Counters.LastProblem));
        Assert.Single(_seen);
    }

    [Fact]
    public async Task Points_rejected_within_an_accepted_request_are_counted_as_refused()
    {
        _answers.Enqueue(new(ExportOutcome.Accepted, Rejected: 3));
        await using var sender = Sender();
        sender.TryEnqueue(0, new byte[] { 1 }, 5);
        await sender.DrainAsync(s_limit);
        Assert.Equal((2L, 3L), (sender.Counters.Sent, sender.Counters.Refused));
    }

    [Fact]
    public async Task A_full_lane_drops_the_newest_and_counts_it()
    {
        _answers.Enqueue(new(ExportOutcome.Retry, RetryAfter: TimeSpan.FromMinutes(1)));
        await using var sender = Sender(places: 4);
        sender.TryEnqueue(0, new byte[] { 0 }, 1);
        Assert.True(await _asked.WaitAsync(s_limit));
        for (byte i = 1; i <= 9; i++) sender.TryEnqueue(0, new byte[] { i }, 1);
        Assert.Equal(5, sender.Counters.Dropped);
        await sender.DrainAsync(TimeSpan.Zero);
        Assert.Equal((0L, 0L), (sender.Counters.Waiting, sender.Counters.Sent));
        Assert.Equal(10, sender.Counters.Dropped);
    }

    [Fact]
    public void Retries_wait_longer_each_time_and_end()
    {
        var waits = Enumerable.Range(1, 8).Select(i => RetryPolicy.Next(i, TimeSpan.Zero, null, 5)!.Value.TotalSeconds).ToList();
        Assert.InRange(waits[0], 0.75, 1.25);
        Assert.InRange(waits[7], 22.5, 37.5);
        Assert.Equal(TimeSpan.FromSeconds(3), RetryPolicy.Next(1, TimeSpan.Zero, TimeSpan.FromSeconds(3), 5));
        Assert.Null(RetryPolicy.Next(9, RetryPolicy.GiveUpAfter, null, 5));
    }

    [Theory]
    [InlineData(200, ExportOutcome.Accepted)]
    [InlineData(400, ExportOutcome.Refused)]
    [InlineData(401, ExportOutcome.Refused)]
    [InlineData(413, ExportOutcome.Refused)]
    [InlineData(429, ExportOutcome.Retry)]
    [InlineData(500, ExportOutcome.Refused)]
    [InlineData(503, ExportOutcome.Retry)]
    public async Task A_real_receiver_s_status_is_read_as_the_OTLP_specification_says(int status, ExportOutcome outcome)
    {
        using var receiver = new HttpListener();
        var port = FreePorts.Take();
        receiver.Prefixes.Add($"http://127.0.0.1:{port}/");
        receiver.Start();
        var answering = AnswerAsync(receiver, status);
        using var client = new HttpClient();
        using var exporter = new HttpExporter(client, new Uri($"http://127.0.0.1:{port}"), "the-token", gzip: true);
        var result = await exporter.ExportAsync(new byte[] { 1, 2, 3 }, CancellationToken.None);
        var (path, token, encoding, body) = await answering;
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(status == 200 ? 4 : 0, result.Rejected);
        if (status is 429 or 503) Assert.Equal(TimeSpan.FromSeconds(9), result.RetryAfter);
        Assert.Equal(("/v1/metrics", "Bearer the-token", "gzip"), (path, token, encoding));
        Assert.Equal([1, 2, 3], body);
    }

    [Fact]
    public async Task No_receiver_is_a_passing_fault()
    {
        using var client = new HttpClient();
        using var exporter = new HttpExporter(client, new Uri($"http://127.0.0.1:{FreePorts.Take()}"), null, gzip: false);
        Assert.Equal(ExportOutcome.Retry, (await exporter.ExportAsync(new byte[] { 1 }, CancellationToken.None)).Outcome);
    }

    static async Task<(string Path, string Token, string Encoding, byte[] Body)> AnswerAsync(HttpListener receiver, int status)
    {
        var context = await receiver.GetContextAsync();
        using var body = new MemoryStream();
        await using (var unzip = new System.IO.Compression.GZipStream(context.Request.InputStream, System.IO.Compression.CompressionMode.Decompress)) await unzip.CopyToAsync(body);
        context.Response.StatusCode = status;
        if (status is 429 or 503) context.Response.Headers["Retry-After"] = "9";
        // partial_success { rejected_data_points: 4, error_message: "no" }
        if (status == 200) await context.Response.OutputStream.WriteAsync(new byte[] { 0x0a, 0x06, 0x08, 0x04, 0x12, 0x02, (byte)'n', (byte)'o' });
        context.Response.Close();
        return (context.Request.Url!.AbsolutePath, context.Request.Headers["Authorization"]!, context.Request.Headers["Content-Encoding"]!, body.ToArray());
    }
}
