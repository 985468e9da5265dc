using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.App.Platform.Cli;

/// <summary>
/// <c>day1</c>: asks a running console for day-1 validation; a gate for pipelines. Exit code 0: pass; 1: fail; 2: wrong usage, or a token that
/// may not; 3: unknown, also where the console does not answer. Address and token also come from NRDOT_CONSOLE_URL and NRDOT_CONSOLE_TOKEN.
/// </summary>
internal static class DayOneCommand
{
    public const int Pass = 0, Fail = 1, Usage = 2, Unknown = 3;

    const string Help = "usage: day1 [--url URL] [--token TOKEN] [--tenant T [--host KEY]] [--ring N]   (NRDOT_CONSOLE_URL, NRDOT_CONSOLE_TOKEN)";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Func<string, string?> environment, TextWriter output, TextWriter errors)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] is not ("--url" or "--token" or "--tenant" or "--host" or "--ring") || i + 1 == arguments.Count || !given.TryAdd(arguments[i][2..], arguments[i + 1]))
                return await ToldAsync(errors, $"{arguments[i]}: not an option, given twice, or without its value.\n{Help}", Usage);
        }
        var token = given.GetValueOrDefault("token") ?? environment("NRDOT_CONSOLE_TOKEN");
        if (!Uri.TryCreate(given.GetValueOrDefault("url") ?? environment("NRDOT_CONSOLE_URL"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return await ToldAsync(errors, $"--url: the console's address, such as http://console.example:8080.\n{Help}", Usage);
        if (string.IsNullOrEmpty(token)) return await ToldAsync(errors, $"--token: an API token with telemetry.read, made on the console's Tokens page.\n{Help}", Usage);
        var (tenant, host) = (given.GetValueOrDefault("tenant"), given.GetValueOrDefault("host"));
        if (host is not null && tenant is null) return await ToldAsync(errors, $"--host: a host's key is one within its --tenant.\n{Help}", Usage);
        var scope = new SignalScope(tenant, host);
        var ring = given.TryGetValue("ring", out var named) ? $"&ring={Uri.EscapeDataString(named)}" : "";
        return await AskAsync(new($"{url.AbsoluteUri.TrimEnd('/')}/api/v1/validation?scope={Uri.EscapeDataString($"{scope}")}{ring}"), token, output, errors);
    }

    static async Task<int> AskAsync(Uri address, string token, TextWriter output, TextWriter errors)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = s_patience };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        try
        {
            using var answer = await client.GetAsync(address);
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return await ToldAsync(errors, "unknown: the console has just started.", Unknown);
            if (answer.StatusCode == HttpStatusCode.Unauthorized) return await ToldAsync(errors, "The console does not know this token.", Usage);
            if (!answer.IsSuccessStatusCode) return await ToldAsync(errors, $"The console refuses ({(int)answer.StatusCode}): {body}", (int)answer.StatusCode >= 500 ? Unknown : Usage);
            if (JsonSerializer.Deserialize<DayOneReport>(body, s_json) is not { } report) return await ToldAsync(errors, "unknown: the console answers nothing.", Unknown);
            await PrintAsync(report, output);
            return report.Verdict switch { CheckVerdict.Pass => Pass, CheckVerdict.Fail => Fail, _ => Unknown };
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException)
        {
            return await ToldAsync(errors, $"unknown: {address.GetLeftPart(UriPartial.Authority)} does not answer as a console: {fault.Message}", Unknown);
        }
    }

    static async Task PrintAsync(DayOneReport report, TextWriter output)
    {
        foreach (var check in report.Checks)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{check.Verdict.ToString().ToLowerInvariant(),-8} {check.Title,-28} {Value(check.Unit, check.Value),16}   {Bound(check),-22} {Hosts(check)}"));
            if (check.Warning is not null) await output.WriteLineAsync($"         {check.Warning}");
            if (check.Findings.Count > 0) await output.WriteLineAsync($"         {string.Join(", ", check.Findings.Select(f => $"{f.Name} ({Value(check.Unit, f.Value)})"))}");
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{report.Verdict.ToString().ToLowerInvariant()}: {report.Scope}{(report.Ring is { } ring ? $", ring {ring}" : "")}; {report.Facts.HostsReporting} of {report.Facts.Hosts} hosts report, {report.Facts.Processes} processes, {report.Facts.PointsPerMinute ?? 0:0} points a minute"));
    }

    static string Value(CheckUnit unit, double? value) => value is not { } known ? "unknown" : unit switch
    {
        CheckUnit.Ratio => string.Create(CultureInfo.InvariantCulture, $"{known * 100:0.0} %"),
        CheckUnit.CoreShare => string.Create(CultureInfo.InvariantCulture, $"{known * 100:0.00} % of core"),
        CheckUnit.PointsPerSecond => string.Create(CultureInfo.InvariantCulture, $"{known:0.##} points/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{known:0}"),
    };

    static string Bound(DayOneCheck check) => check.Bound switch
    {
        { AtLeast: { } least } => $"at least {Value(check.Unit, least)}",
        { AtMost: { } most } => $"at most {Value(check.Unit, most)}",
        { Below: { } below } => $"below {Value(check.Unit, below)}",
        _ => "",
    };

    static string Hosts(DayOneCheck check) => check.Failing + check.Unknown == 0 ? "" : $"{check.Failing} fail, {check.Unknown} unknown of {check.Hosts}";

    static async Task<int> ToldAsync(TextWriter errors, string text, int code)
    {
        await errors.WriteLineAsync(text);
        return code;
    }
}
