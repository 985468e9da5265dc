using System.Globalization;
using NrdotConsole.App.Platform;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Profiles;

/// <summary>
/// Where rendered configurations send to. <c>Collectors:ConsoleOtlp</c>: this console's OTLP address over HTTP as hosts reach it; by default
/// what the host's environment says in NRDOT_CONSOLE_OTLP, else this machine's name. <c>Collectors:NewRelicOtlp</c>,
/// <c>Collectors:ConsoleToken</c> and <c>Collectors:NewRelicKey</c>: the two secrets are references into the host's environment, never values.
/// </summary>
internal static class CollectorSettings
{
    const int OtlpHttpPort = 4318;

    public static CollectorEndpoints Read(IConfiguration configuration, string machineName)
    {
        var port = int.TryParse(configuration["Otlp:HttpPort"], NumberStyles.None, CultureInfo.InvariantCulture, out var set) && set > 0 ? set : OtlpHttpPort;
        var endpoints = new CollectorEndpoints(Address(configuration, "Collectors:ConsoleOtlp") ?? $"${{env:NRDOT_CONSOLE_OTLP:-http://{machineName}:{port}}}");
        return endpoints with
        {
            ConsoleToken = Reference(configuration, "Collectors:ConsoleToken") ?? endpoints.ConsoleToken,
            NewRelicOtlp = Address(configuration, "Collectors:NewRelicOtlp") ?? endpoints.NewRelicOtlp,
            NewRelicKey = Reference(configuration, "Collectors:NewRelicKey") ?? endpoints.NewRelicKey,
        };
    }

    static string? Address(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return null;
        if (text.Contains("${", StringComparison.Ordinal) || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) return text.TrimEnd('/');
        throw new StartException(key, $"'{text}' is no address.", "Give one such as http://console.example:4318, or a reference such as ${env:NAME}.");
    }

    static string? Reference(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return null;
        return text.Contains("${", StringComparison.Ordinal) ? text
            : throw new StartException(key, "It is a secret in clear.", "Give a reference such as ${env:NEW_RELIC_LICENSE_KEY}, and put the secret into the hosts' environment.");
    }
}
