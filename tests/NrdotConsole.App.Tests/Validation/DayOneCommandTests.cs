using System.Net;
using System.Net.Sockets;
using System.Text;
using NrdotConsole.App.Platform.Cli;

namespace NrdotConsole.App.Tests.Validation;

/// <summary><c>day1</c> as a pipeline runs it: what it prints, and its exit code.</summary>
public sealed class DayOneCommandTests
{
    static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, params (string, string)[] environment)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await DayOneCommand.RunAsync(arguments, name => environment.FirstOrDefault(e => e.Item1 == name).Item2, output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>Answers one request as a console would; what was asked comes back.</summary>
    static async Task<(string Asked, (int Code, string Output, string Errors) Result)> AgainstAsync(string status, string body, params string[] more)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync();
        var result = await RunAsync(["--url", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", .. more], ("NRDOT_CONSOLE_TOKEN", "nrc_secret"));
        return (await answering, result);

        async Task<string> AnswerAsync()
        {
            using var connection = await listener.AcceptTcpClientAsync();
            var stream = connection.GetStream();
            var buffer = new byte[4096];
            var asked = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
            var text = Encoding.UTF8.GetBytes(body);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n"));
            await stream.WriteAsync(text);
            return asked;
        }
    }

    static string Report(string verdict) =>
        $$"""
        {"scope":"tenant:prod","ring":4,"at":"2026-11-23T12:00:00Z","verdict":"{{verdict}}","facts":{"hosts":3,"hostsReporting":2,"processes":40,"pointsPerMinute":120},
         "checks":[{"key":"acceptance","title":"Points accepted","verdict":"{{verdict}}","value":0.9,"unit":"ratio","bound":{"atLeast":0.95},"source":"s","warning":null,"hosts":3,"failing":1,"unknown":0,
                    "findings":[{"tenant":"prod","hostKey":"i-1","name":"web-1","value":0.9}]}]}
        """;

    [Theory]
    [InlineData("pass", DayOneCommand.Pass)]
    [InlineData("fail", DayOneCommand.Fail)]
    [InlineData("unknown", DayOneCommand.Unknown)]
    public async Task The_verdict_is_the_exit_code_and_the_checks_are_told(string verdict, int code)
    {
        var (asked, result) = await AgainstAsync("200 OK", Report(verdict), "--tenant", "prod", "--ring", "4");
        Assert.StartsWith("GET /api/v1/validation?scope=tenant%3Aprod&ring=4 ", asked);
        Assert.Contains("Authorization: Bearer nrc_secret", asked);
        Assert.Equal((code, ""), (result.Code, result.Errors));
        Assert.Contains("Points accepted", result.Output);
        Assert.Contains("at least 95.0 %", result.Output);
        Assert.Contains("web-1 (90.0 %)", result.Output);
        Assert.Contains($"{verdict}: tenant:prod, ring 4; 2 of 3 hosts report", result.Output);
    }

    [Theory]
    [InlineData("401 Unauthorized", DayOneCommand.Usage)]
    [InlineData("403 Forbidden", DayOneCommand.Usage)]
    [InlineData("400 Bad Request", DayOneCommand.Usage)]
    [InlineData("503 Service Unavailable", DayOneCommand.Unknown)]
    [InlineData("500 Internal Server Error", DayOneCommand.Unknown)]
    [InlineData("200 OK", DayOneCommand.Unknown)]
    public async Task What_is_no_report_is_no_pass(string status, int code)
    {
        var (_, result) = await AgainstAsync(status, "not json");
        Assert.Equal((code, ""), (result.Code, result.Output));
        Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public async Task A_console_that_is_not_there_is_unknown() =>
        Assert.Equal(DayOneCommand.Unknown, (await RunAsync(["--url", "http://127.0.0.1:1", "--token", "t"])).Code);

    [Theory]
    [InlineData]
    [InlineData("--url", "ftp://console", "--token", "t")]
    [InlineData("--url", "http://console")]
    [InlineData("--url", "http://console", "--token", "t", "--host", "i-1")]
    [InlineData("--url", "http://console", "--url", "http://console")]
    [InlineData("--nonsense", "1")]
    [InlineData("--url")]
    public async Task Wrong_usage_is_told_with_the_right_one(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.Equal((DayOneCommand.Usage, ""), (code, output));
        Assert.Contains("usage: day1", errors);
    }
}
