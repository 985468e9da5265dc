using System.Globalization;
using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.FleetSim.Cli;

/// <summary>A mistake of the caller's: what to say before leaving with exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>Reads the program's arguments. Every fault names the option, its value and what it may be.</summary>
public static class CommandLine
{
    public const string TokenVariable = "NRDOT_INGEST_TOKEN";
    public const string EnrolmentVariable = "NRDOT_ENROLMENT_TOKEN";
    const int MostHosts = 100_000;

    public const string Usage = $"""
        NrdotConsole.FleetSim: a simulated fleet of NRDOT collectors that sends OTLP metrics.

          --endpoint URL        where to send (http://localhost:4318; with gRPC http://localhost:4317)
          --protocol http|grpc  (http)
          --token T             ingest token (or the environment variable {TokenVariable})
          --compression gzip|none  (gzip)
          --hosts N             simulated hosts, 0..100000 (60)
          --tenants N           they belong to, 1..100 (3)
          --seed N              the same seed is the same world (7)
          --interval T          from one export of a host to its next, such as 10s, 1m (10s)
          --profile P           aggressive, balanced, conservative or emergency for every host (by ring)
          --script FILE         what happens and when; see the README beside the source (a demonstration)
          --calm                nothing happens
          --backfill T          fills in history that long first, one export a minute (none)
          --speed N             fills it in at N times life's pace (as fast as the receiver takes it)
          --duration T          stops after it (never)
          --wait T              for the receiver to come up (60s)
          --local               also reports this machine, from /proc
          --no-command-line     without its processes' command lines
          --opamp URL           each host also speaks OpAMP there: ws://localhost:4320/v1/opamp, or http: to poll (none)
          --opamp-token T       enrolment token (or the environment variable {EnrolmentVariable})
          --heartbeat T         between two messages of an agent (30s)
          --agent-faults F      how agents fail with what they are sent, by share: reject=0.02,crash=0,hang=0,silent=0,slow=0.1 (none)
          --with-parent         stops when standard input ends: for a program that starts this one
        """;

    /// <exception cref="UsageException">Something on the line is not understood.</exception>
    public static SimOptions Parse(IReadOnlyList<string> args, string? tokenFromEnvironment, string? enrolmentFromEnvironment = null)
    {
        AgentOptions? agents = null;
        var (enrolment, heartbeat, faults) = (enrolmentFromEnvironment, OpAmpCodec.DefaultHeartbeat, AgentFaults.None);
        var options = new SimOptions { Token = string.IsNullOrEmpty(tokenFromEnvironment) ? null : tokenFromEnvironment };
        var world = new WorldOptions { Script = DemoScript.Events, Eventful = true };
        string? endpoint = null;
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            var value = new Lazy<string>(() => i + 1 < args.Count ? args[++i] : throw new UsageException($"{name} needs a value."));
            switch (name)
            {
                case "--endpoint": endpoint = value.Value; break;
                case "--token": options = options with { Token = value.Value }; break;
                case "--protocol": options = options with { Protocol = Choice(name, value.Value, ("http", WireProtocol.Http), ("grpc", WireProtocol.Grpc)) }; break;
                case "--compression": options = options with { Gzip = Choice(name, value.Value, ("gzip", true), ("none", false)) }; break;
                case "--hosts": world = world with { Hosts = Whole(name, value.Value, 0, MostHosts) }; break;
                case "--tenants": world = world with { Tenants = Whole(name, value.Value, 1, 100) }; break;
                case "--seed": world = world with { Seed = (ulong)Whole(name, value.Value, 0, int.MaxValue) }; break;
                case "--interval": world = world with { Interval = Length(name, value.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) }; break;
                case "--profile": world = world with { Profile = Choice(name, value.Value, [.. CollectionProfile.All.Select(p => (p.Name, p))]) }; break;
                case "--script": world = world with { Script = Script(value.Value), Eventful = false }; break;
                case "--calm": world = world with { Script = [], Eventful = false }; break;
                case "--backfill": options = options with { Backfill = Length(name, value.Value, TimeSpan.Zero, TimeSpan.FromDays(90)) }; break;
                case "--speed": options = options with { Speed = Whole(name, value.Value, 1, 1_000_000) }; break;
                case "--duration": options = options with { Duration = Length(name, value.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)) }; break;
                case "--wait": options = options with { Wait = Length(name, value.Value, TimeSpan.Zero, TimeSpan.FromHours(1)) }; break;
                case "--local": options = options with { Local = true }; break;
                case "--opamp": agents = new(Agents(value.Value), null); break;
                case "--opamp-token": enrolment = value.Value; break;
                case "--heartbeat": heartbeat = Length(name, value.Value, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)); break;
                case "--agent-faults": faults = AgentFaults.Parse(value.Value); break;
                case "--with-parent": options = options with { WithParent = true }; break;
                case "--no-command-line": options = options with { CommandLine = false }; break;
                default: throw new UsageException($"'{name}' is not an option.");
            }
        }
        if (options.Speed > 0 && options.Backfill == TimeSpan.Zero)
            throw new UsageException("--speed needs --backfill: the world starts in the past and catches up, it never runs ahead of the clock.");
        if (world.Hosts == 0 && !options.Local) throw new UsageException("--hosts 0 sends nothing without --local.");
        agents = agents is null ? null : agents with { Token = enrolment, Heartbeat = heartbeat, Faults = faults };
        return options with { Agents = agents, World = world, Endpoint = Address(endpoint, options.Protocol) };
    }

    /// <summary>A length of time such as 500ms, 10s, 5m, 24h, 7d.</summary>
    public static bool TryLength(string text, out TimeSpan length)
    {
        length = default;
        (string Suffix, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];
        foreach (var (suffix, seconds) in units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) continue;
            if (!double.IsFinite(number) || Math.Abs(number * seconds) > TimeSpan.FromDays(3_650).TotalSeconds) return false;
            length = TimeSpan.FromSeconds(number * seconds);
            return true;
        }
        return false;
    }

    static TimeSpan Length(string name, string value, TimeSpan least, TimeSpan most) =>
        TryLength(value, out var length) && length >= least && length <= most
            ? length
            : throw new UsageException($"{name} '{value}': a length of time from {Spoken(least)} to {Spoken(most)}, such as 10s, 5m, 24h.");

    static string Spoken(TimeSpan length) => length < TimeSpan.FromMinutes(1) ? $"{length.TotalSeconds:0}s" : length < TimeSpan.FromDays(1) ? $"{length.TotalHours:0}h" : $"{length.TotalDays:0}d";

    static int Whole(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{name} '{value}': a whole number from {least} to {most}.");

    static T Choice<T>(string name, string value, params (string Name, T Value)[] choices)
    {
        foreach (var choice in choices)
            if (choice.Name == value) return choice.Value;
        throw new UsageException($"{name} '{value}': one of {string.Join(", ", choices.Select(c => c.Name))}.");
    }

    static Uri Address(string? value, WireProtocol protocol)
    {
        value ??= protocol == WireProtocol.Grpc ? "http://localhost:4317" : "http://localhost:4318";
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new UsageException($"--endpoint '{value}': an http or https address, such as http://localhost:4318.");
    }

    static Uri Agents(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" or "http" or "https"
            ? uri
            : throw new UsageException($"--opamp '{value}': a ws, wss, http or https address, such as ws://localhost:4320/v1/opamp.");

    static IReadOnlyList<SimEvent> Script(string file)
    {
        try
        {
            return EventScript.Parse(File.ReadAllLines(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--script '{file}' cannot be read: {e.Message}");
        }
        catch (FormatException e)
        {
            throw new UsageException($"--script '{file}', {e.Message}");
        }
    }
}
