using NrdotConsole.App.Platform.Rings;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Inventory;

/// <summary>
/// The hosts that have a ring, and the configuration that main wants on each, for hands other than OpAMP's. Rendered once for each way in
/// which hosts differ, not once a host.
/// </summary>
internal sealed class HostConfigs(DesiredStates states, RingAssignments rings, AgentDirectory agents, CollectorEndpoints endpoints)
{
    readonly ConditionalWeakTable<DesiredState, ConcurrentDictionary<(string Profile, int Ring, string Tenant, string Flags), CollectorConfig>> _rendered = [];

    /// <param name="tenants">Whose hosts; null for all.</param>
    public AnsibleInventory Inventory(IReadOnlySet<string>? tenants)
    {
        var state = states.Current;
        var order = state.Rings.RolloutOrder.Select((ring, place) => (ring, place)).ToDictionary(r => r.ring, r => r.place);
        var leftOut = new List<LeftOut>();
        var members = rings.Members.Values.Where(m => tenants?.Contains(m.Host.Tenant) != false).Where(m => Named(m.Host, leftOut)).ToList();
        var byName = members.CountBy(m => m.Host.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var byTenant = members.CountBy(m => (m.Host.Tenant, m.Host.Name)).ToDictionary();
        var hosts = members.Select(m =>
        {
            // The shortest name that is the host's alone.
            var host = m.Host;
            var name = byName[host.Name] == 1 ? host.Name : byTenant[(host.Tenant, host.Name)] == 1 ? $"{host.Name}@{host.Tenant}" : $"{host.Name}@{host.Tenant}/{host.Key}";
            return new AnsibleHost(name, new(host.Name, HostConfig.ProfileOf(state, host, m.Ring).Name, host.Tenant, host.Key, m.Ring, host.Os, Of(state, host, m.Ring).Hash)
            {
                IsSteered = agents.OfHost(host.Tenant, host.Key)?.IsSteered ?? false,
            });
        });
        return new(state.Commit, state.Rings.RolloutOrder,
            [.. hosts.OrderBy(h => order.GetValueOrDefault(h.Vars.Ring, int.MaxValue)).ThenBy(h => h.Name, StringComparer.Ordinal)], leftOut);
    }

    /// <summary>By the host's key, else by its name; null where no such host has a ring.</summary>
    public CollectorConfig? Find(string tenant, string host)
    {
        var member = rings.Members.GetValueOrDefault((tenant, host)) ?? rings.Members.Values.FirstOrDefault(m => m.Host.Tenant == tenant && m.Host.Name == host);
        return member is null ? null : Of(states.Current, member.Host, member.Ring);
    }

    CollectorConfig Of(DesiredState state, in HostIdentity host, int ring)
    {
        var input = HostConfig.Resolve(state, host, ring, endpoints);
        return _rendered.GetOrCreateValue(state).GetOrAdd(
            (input.Profile.Name, ring, host.Tenant, string.Join(',', input.FlagsOn.Select(f => f.Key))), _ => CollectorConfigRenderer.Render(input));
    }

    static bool Named(in HostIdentity host, List<LeftOut> leftOut)
    {
        if (AnsibleNames.IsHost(host.Name) && AnsibleNames.IsPlain(host.Key) && AnsibleNames.IsPlain(host.Tenant) && AnsibleNames.IsPlain(host.Os)) return true;
        leftOut.Add(new(host.Tenant, host.Name, "its name, key, tenant or system has characters that Ansible would read as a template, an option or a pattern"));
        return false;
    }
}
