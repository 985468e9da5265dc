using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Cli;

public enum WireProtocol { Http, Grpc }

/// <summary>The command line, understood.</summary>
public sealed record SimOptions
{
    public Uri Endpoint { get; init; } = new("http://localhost:4318");
    public string? Token { get; init; }
    public WireProtocol Protocol { get; init; } = WireProtocol.Http;
    public bool Gzip { get; init; } = true;
    public WorldOptions World { get; init; } = new();
    public TimeSpan Backfill { get; init; }

    /// <summary>Simulated seconds a second while history is filled in; 0 is as fast as the receiver takes it.</summary>
    public double Speed { get; init; }

    /// <summary>Null runs until stopped.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long to wait for the receiver to come up.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);
    public bool Local { get; init; }
    public bool CommandLine { get; init; } = true;

    /// <summary>How the hosts speak OpAMP; null: they do not.</summary>
    public AgentOptions? Agents { get; init; }

    /// <summary>Stops when standard input ends.</summary>
    public bool WithParent { get; init; }
}
