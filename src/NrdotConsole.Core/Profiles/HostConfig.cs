using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.Core.Profiles;

/// <summary>What a host should run, from the desired state alone: no clock, no I/O, the same answer for the same state.</summary>
public static class HostConfig
{
    public static RenderInput Resolve(DesiredState state, in HostIdentity host, int ring, CollectorEndpoints endpoints) => new(
        ProfileOf(state, host, ring), ring, state.Tenants.Find(host.Tenant), FlagEvaluator.On(state.Flags, host, ring),
        state.Filters, state.Classification, state.Tenants, endpoints);

    /// <summary>The host's pin, else the ring's profile, else the tenant's, else the default. A name that no profile has counts as none given.</summary>
    public static Profile ProfileOf(DesiredState state, in HostIdentity host, int ring)
    {
        var profiles = state.Profiles;
        return Named(profiles, profiles.Pins.GetValueOrDefault(host.Key) ?? profiles.Pins.GetValueOrDefault(host.Name))
            ?? Named(profiles, state.Rings.Find(ring)?.Profile)
            ?? Named(profiles, state.Tenants.Find(host.Tenant)?.Profile)
            ?? profiles.Find(profiles.Default)
            ?? throw new InvalidOperationException($"The default profile '{profiles.Default}' is none of the profiles: the state was not validated.");
    }

    static Profile? Named(ProfileSet profiles, string? name) => name is null ? null : profiles.Find(name);
}
