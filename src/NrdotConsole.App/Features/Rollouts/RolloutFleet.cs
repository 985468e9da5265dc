using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>Whom a Change concerns now, with both configurations of everybody.</summary>
internal sealed record RolloutTargets(IReadOnlyList<RolloutTarget> Targets, IReadOnlyDictionary<string, Expectation> Expected, IReadOnlyDictionary<string, CollectorConfig> Configs);

/// <summary>The fleet as rollouts see it: agents, their hosts and rings.</summary>
internal sealed class RolloutFleet(AgentDirectory agents, AgentComponents components, ConfigAssignments assignments, RingAssignments rings, SignalBoard board, CollectorEndpoints endpoints, RolloutSettings settings)
{
    public event Action<Agent>? AgentChanged
    {
        add => agents.Changed += value;
        remove => agents.Changed -= value;
    }

    public int Count => agents.Count;

    public IReadOnlyList<Agent> Agents => agents.All;

    /// <summary>Gives a ring to hosts of agents that have none: an agent may come before its host's telemetry.</summary>
    public Task SeeAsync(RingPlan plan, IEnumerable<Agent> newcomers, CancellationToken ct)
    {
        List<HostIdentity> hosts = [.. newcomers.Where(a => RingOf(a) is null).Select(HostOf)];
        return hosts.Count == 0 ? Task.CompletedTask : rings.SeeAsync(plan, hosts, ct);
    }

    /// <summary>What an agent's collector is built of, and whether that is still to come.</summary>
    public ComponentSet? ComponentsOf(Agent agent) => components.SetOf(agent);

    public bool AwaitsComponents(Agent agent) => components.IsAwaited(agent);

    public int? RingOf(Agent agent) => rings.RingOf(agent.Tenant, agent.HostKey);

    public TargetPlanner Planner(DesiredState before, DesiredState after) => new(before, after, endpoints, settings.PromisedSaving);

    /// <summary>Hosts that another plan of rings would move.</summary>
    public IReadOnlyList<RingMove> Moves(DesiredState before, DesiredState after) => before.Rings.PlacesAlike(after.Rings) ? [] : rings.Preview(after.Rings);

    public Task MoveAsync(long change, IReadOnlyList<RingMove> moves, CancellationToken ct) => moves.Count == 0 ? Task.CompletedTask : rings.MoveAsync(change, moves, ct);

    public Task ReturnAsync(long change, CancellationToken ct) => rings.ReturnAsync(change, ct);

    public static HostIdentity HostOf(Agent agent) => new(agent.Tenant, agent.HostKey, agent.HostName, agent.Os);

    /// <summary>Agents whose configuration the Change alters, but for excluded hosts, hosts without a ring yet, and whom its targets leave out.</summary>
    public RolloutTargets Targets(TargetPlanner planner, ChangeTargets targets, IReadOnlyList<RingMove> moves)
    {
        var rows = new Dictionary<(string, string), HostRow>();
        foreach (var row in board.Fleet(SignalScope.Fleet).Current?.Rows ?? []) rows[(row.Tenant, row.HostKey)] = row;
        var moved = moves.ToDictionary(m => (m.Host.Tenant, m.Host.Key), m => m.To);
        var (found, expected, configs) = (new List<RolloutTarget>(), new Dictionary<string, Expectation>(), new Dictionary<string, CollectorConfig>(StringComparer.Ordinal));
        foreach (var agent in agents.All)
        {
            var host = HostOf(agent);
            if (!agent.IsSteered || host.Key.Length == 0 || rings.RingOf(host.Tenant, host.Key) is not { } ring) continue;
            if (planner.IsExcluded(host) || !targets.Includes(host.Tenant, host.Key, ring)) continue;
            var (config, expectation) = planner.Plan(host, ring, moved.GetValueOrDefault((host.Tenant, host.Key), ring), ComponentsOf(agent), ProcessShare(rows.GetValueOrDefault((host.Tenant, host.Key))));
            var previous = assignments.Of(agent.InstanceUid) ?? planner.Before(host, ring, ComponentsOf(agent));
            if (previous.Hash == config.Hash) continue;
            configs.TryAdd(config.Hash, config);
            configs.TryAdd(previous.Hash, previous);
            expected[agent.InstanceUid] = expectation;
            found.Add(new(agent.InstanceUid, host.Tenant, host.Key, host.Name, ring, config.Hash, previous.Hash));
        }
        return new(found, expected, configs);
    }

    public Dictionary<string, AgentFact> Facts(RolloutState state, IReadOnlyList<RolloutTarget> targets)
    {
        var facts = new Dictionary<string, AgentFact>(state.Agents.Count, StringComparer.Ordinal);
        foreach (var uid in state.Agents.Keys.Concat(targets.Select(t => t.Uid)))
            if (!facts.ContainsKey(uid) && agents.Find(uid) is { } agent) facts[uid] = new(agent.Connected, agent.LastSeen, agent.AssignedHash, agent.ReportedHash, AnswerOf(agent.Status), agent.Error, agent.Connected || WasSent(uid, agent));
        return facts;
    }

    bool WasSent(string uid, Agent agent)
    {
        if (agents.Entry(uid) is not { } entry) return false;
        lock (entry) return entry.Offered?.Hash == agent.AssignedHash;
    }

    public Agent? Find(string uid) => agents.Find(uid);

    public Task AssignAsync(IReadOnlyCollection<string> uids, CollectorConfig config, long? changeId, CancellationToken ct) => assignments.AssignAsync(uids, config, changeId, ct);

    /// <summary>A host that was never measured is taken to send processes only: then the dry run's word counts in full.</summary>
    static double ProcessShare(HostRow? row) => row is { SeriesInScrape: > 0 } ? Math.Min(1, row.ProcessSeriesInScrape / (double)row.SeriesInScrape) : 1;

    static ConfigAnswer AnswerOf(RemoteConfigStatuses status) => status switch
    {
        RemoteConfigStatuses.Applied => ConfigAnswer.Applied,
        RemoteConfigStatuses.Applying => ConfigAnswer.Applying,
        RemoteConfigStatuses.Failed => ConfigAnswer.Failed,
        _ => ConfigAnswer.None,
    };
}
