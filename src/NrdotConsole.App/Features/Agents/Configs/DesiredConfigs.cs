using NrdotConsole.App.Platform.Rings;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Agents;

/// <summary>What agents should run by main: rendered once for each way in which hosts differ, not once a host.</summary>
internal sealed class DesiredConfigs(DesiredStates states, RingAssignments rings, AgentComponents components, CollectorEndpoints endpoints)
{
    readonly ConditionalWeakTable<DesiredState, ConcurrentDictionary<Key, CollectorConfig>> _rendered = [];

    /// <summary>Null while the host has no ring yet, or the agent does not say which host it runs on.</summary>
    public CollectorConfig? Of(Agent agent)
    {
        if (agent.HostKey.Length == 0 || rings.RingOf(agent.Tenant, agent.HostKey) is not { } ring) return null;
        var state = states.Current;
        var input = HostConfig.Resolve(state, new(agent.Tenant, agent.HostKey, agent.HostName, agent.Os), ring, endpoints) with { Components = components.SetOf(agent) };
        var key = new Key(input.Profile.Name, ring, agent.Tenant, string.Join(',', input.FlagsOn.Select(f => f.Key)), input.Components);
        return _rendered.GetOrCreateValue(state).GetOrAdd(key, _ => CollectorConfigRenderer.Render(input));
    }

    sealed record Key(string Profile, int Ring, string Tenant, string Flags, ComponentSet? Components);
}
