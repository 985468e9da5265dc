using System.Collections.Concurrent;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Tenants;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.OpAmp;
using NrdotConsole.Protocol.OpAmp.Client;

namespace NrdotConsole.FleetSim.Agents;

/// <summary>How the hosts of a world speak OpAMP.</summary>
public sealed record AgentOptions(Uri Endpoint, string? Token)
{
    public AgentFaults Faults { get; init; } = AgentFaults.None;
    public TimeSpan Heartbeat { get; init; } = OpAmpCodec.DefaultHeartbeat;
}

/// <summary>The agents of a world's hosts: each on a connection of its own, all acting on the world's thread when it steps.</summary>
sealed class AgentFleet : IDisposable
{
    /// <summary>A fleet does not come up in one instant.</summary>
    const int ConnectsPerSecond = 400;

    static readonly DesiredState s_stock = new("", ShippedProfiles.All, ProcessClassification.Default, RingPlan.Default, FlagSet.None, TenantSet.None, FilterSet.None);

    readonly AgentOptions _options;
    readonly TimeProvider _time;
    readonly SimAgent[] _agents;
    readonly ConcurrentQueue<(SimAgent Agent, ServerToAgent Message)> _inbox = new();
    readonly HashSet<SimAgent> _busy = [];

    public AgentFleet(World world, AgentOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        Header[] headers = options.Token is { Length: > 0 } token ? [new("Authorization", $"Bearer {token}")] : [];
        var connection = new OpAmpConnection(options.Endpoint, headers) { Heartbeat = options.Heartbeat };
        _agents = [.. world.Hosts.Select(h => new SimAgent(world, h, Bootstrap(h), connection, (agent, message) => _inbox.Enqueue((agent, message)), time))];
    }

    public int Connected => _agents.Count(a => a.Client.IsConnected);

    public async Task RunAsync(CancellationToken ct)
    {
        var running = new List<Task>(_agents.Length);
        foreach (var chunk in _agents.Chunk(ConnectsPerSecond / 10))
        {
            running.AddRange(chunk.Select(a => a.RunAsync(ct)));
            await Task.Delay(TimeSpan.FromSeconds(0.1), _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(running);
    }

    public void Dispose()
    {
        foreach (var agent in _agents) agent.Dispose();
    }

    /// <summary>On the world's thread, between its steps.</summary>
    public void Step(DateTimeOffset now)
    {
        while (_inbox.TryDequeue(out var received))
        {
            received.Agent.Take(received.Message, _options.Faults, now);
            if (received.Agent.Next is not null) _busy.Add(received.Agent);
        }
        foreach (var agent in _busy.Where(a => a.Next is null || a.Next.Value.AtMs <= now.ToUnixTimeMilliseconds()).ToList())
        {
            agent.Do(now);
            if (agent.Next is null) _busy.Remove(agent);
        }
    }

    /// <summary>What a host's collector runs before the console has said anything.</summary>
    static string Bootstrap(SimHost host)
    {
        var input = HostConfig.Resolve(s_stock, new HostIdentity(host.Tenant, host.Id, host.Name), host.Ring, new("http://localhost:4318"));
        return CollectorConfigRenderer.Render(input with { Profile = ShippedProfiles.All.Find(host.Profile.Name) ?? input.Profile }).Yaml;
    }
}
