using System.Globalization;

namespace NrdotConsole.Supervisor;

/// <summary>The command line, or what was not understood of it.</summary>
internal static class CommandLine
{
    public const string TokenVariable = "NRDOT_ENROLMENT_TOKEN";

    public const string Usage = $"""
        nrdot-supervisor: runs an OpenTelemetry collector and lets NRDOT Console steer it over OpAMP.

          --endpoint URL      the console: ws://HOST:4320/v1/opamp, wss:, or http(s): to poll        (required)
          --collector FILE    the collector's program, such as /usr/bin/nrdot-collector               (required)
          --token T           enrolment token (better: the environment variable {TokenVariable})
          --config FILE       what the collector runs until the console has sent something
          --state DIR         where this program keeps its few files (/var/lib/nrdot-supervisor)
          --health URL        the collector's health_check extension (http://127.0.0.1:13133/)
          --self-metrics URL  the collector's own metrics (http://127.0.0.1:8888/metrics)
          --apply-timeout T   a new configuration has so long to come up healthy (30s)
          --healthy-for T     and must then stay healthy for so long (5s)
          --probation T       a collector that ends twice within it falls back (2m)
          --heartbeat T       between two messages when nothing happens (30s)
          --restart           restarts the collector for a new configuration instead of SIGHUP
          --host-id ID        the host's id (the environment variable HOST_ID, /etc/machine-id)
          --host-name NAME    (the machine's)
        """;

    /// <returns>Null with a fault in words.</returns>
    public static SupervisorOptions? Parse(IReadOnlyList<string> args, Func<string, string?> environment, out string? fault)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        fault = null;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--restart") values[args[i]] = "";
            else if (!s_known.Contains(args[i])) fault = $"'{args[i]}' is not an option.";
            else if (i + 1 == args.Count) fault = $"{args[i]} needs a value.";
            else values[args[i]] = args[++i];
            if (fault is not null) return null;
        }
        var faults = new List<string>();
        var options = new SupervisorOptions
        {
            Endpoint = Address(values, "--endpoint", null, ["ws", "wss", "http", "https"], faults),
            Token = values.GetValueOrDefault("--token") ?? environment(TokenVariable),
            Collector = ExistingFile(values, "--collector", required: true, faults) ?? "",
            BootstrapConfig = ExistingFile(values, "--config", required: false, faults),
            StateDirectory = values.GetValueOrDefault("--state") ?? "/var/lib/nrdot-supervisor",
            Health = Address(values, "--health", "http://127.0.0.1:13133/", ["http", "https"], faults),
            SelfMetrics = Address(values, "--self-metrics", "http://127.0.0.1:8888/metrics", ["http", "https"], faults),
            ApplyTimeout = Length(values, "--apply-timeout", TimeSpan.FromSeconds(30), faults),
            HealthyFor = Length(values, "--healthy-for", TimeSpan.FromSeconds(5), faults),
            Probation = Length(values, "--probation", TimeSpan.FromMinutes(2), faults),
            Heartbeat = Length(values, "--heartbeat", TimeSpan.FromSeconds(30), faults),
            Reload = !values.ContainsKey("--restart") && !OperatingSystem.IsWindows(),
            HostName = values.GetValueOrDefault("--host-name") ?? Environment.MachineName,
            HostId = values.GetValueOrDefault("--host-id") ?? environment("HOST_ID") ?? MachineId() ?? "",
        };
        fault = faults.Count == 0 ? null : string.Join(Environment.NewLine, faults);
        return fault is null ? options : null;
    }

    static readonly HashSet<string> s_known =
    [
        "--endpoint", "--collector", "--token", "--config", "--state", "--health", "--self-metrics", "--apply-timeout", "--healthy-for", "--probation",
        "--heartbeat", "--host-id", "--host-name",
    ];

    static Uri Address(Dictionary<string, string> values, string name, string? fallback, string[] schemes, List<string> faults)
    {
        var text = values.GetValueOrDefault(name) ?? fallback;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)) return uri;
        faults.Add(text is null ? $"{name} is missing." : $"{name} '{text}': an address that begins with {string.Join(", ", schemes.Select(s => s + "://"))}.");
        return new("http://localhost");
    }

    static string? ExistingFile(Dictionary<string, string> values, string name, bool required, List<string> faults)
    {
        if (!values.TryGetValue(name, out var path))
        {
            if (required) faults.Add($"{name} is missing.");
            return null;
        }
        if (!File.Exists(path)) faults.Add($"{name} '{path}': there is no such file.");
        return Path.GetFullPath(path);
    }

    static TimeSpan Length(Dictionary<string, string> values, string name, TimeSpan fallback, List<string> faults)
    {
        if (!values.TryGetValue(name, out var text)) return fallback;
        (string Suffix, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600)];
        foreach (var (suffix, seconds) in units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds is > 0 and <= 86_400) return TimeSpan.FromSeconds(number * seconds);
        }
        faults.Add($"{name} '{text}': a length of time up to 24h, such as 500ms, 30s, 2m.");
        return fallback;
    }

    static string? MachineId()
    {
        try
        {
            return File.ReadAllText("/etc/machine-id").Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
