using System.Globalization;
using NrdotConsole.FleetSim.Cli;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Agents;

/// <summary>How an agent fails when a configuration comes.</summary>
public enum AgentFault
{
    None,
    /// <summary>The collector's validate refuses it.</summary>
    Reject,
    /// <summary>The collector ends with it again and again; the supervisor falls back.</summary>
    Crash,
    /// <summary>It says that it applies it, and never more.</summary>
    Hang,
    /// <summary>It takes the configuration and is not heard of again, nor is its host.</summary>
    Silent,
    /// <summary>It takes half a minute.</summary>
    Slow,
}

/// <summary>Which share of the hosts fails how; by a stable hash, so that the same host always fails alike.</summary>
public sealed record AgentFaults(IReadOnlyList<(AgentFault Fault, double Share)> Shares)
{
    public static readonly AgentFaults None = new([]);

    /// <exception cref="UsageException">A name or a share is not understood.</exception>
    public static AgentFaults Parse(string text)
    {
        var shares = new List<(AgentFault, double)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=') is > 0 and var i ? (part[..i], part[(i + 1)..]) : (part, "");
            if (!Enum.TryParse<AgentFault>(name, ignoreCase: true, out var fault) || fault == AgentFault.None || int.TryParse(name, out _)
                || !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || share is < 0 or > 1)
                throw new UsageException($"--agent-faults '{part}': reject, crash, hang, silent or slow, each with a share of the hosts from 0 to 1, such as reject=0.02,slow=0.1.");
            shares.Add((fault, share));
        }
        return shares.Sum(s => s.Item2) <= 1 ? new(shares) : throw new UsageException($"--agent-faults '{text}': the shares add up to more than 1.");
    }

    /// <summary>What the script says of this moment, else the host's lot.</summary>
    internal AgentFault Of(SimHost host, long atMs)
    {
        foreach (var (kind, fault) in s_scripted)
            if (host.Find(kind, atMs) is not null) return fault;
        var place = StableHash.Unit(StableHash.Mix(host.Key, 60));
        foreach (var (fault, share) in Shares)
        {
            if (place < share) return fault;
            place -= share;
        }
        return AgentFault.None;
    }

    static readonly (SimEventKind, AgentFault)[] s_scripted =
    [
        (SimEventKind.RejectConfig, AgentFault.Reject), (SimEventKind.CrashConfig, AgentFault.Crash), (SimEventKind.HangConfig, AgentFault.Hang),
        (SimEventKind.SilentAgent, AgentFault.Silent), (SimEventKind.SlowConfig, AgentFault.Slow),
    ];
}
