using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.App.Features.Flags;

/// <summary>
/// Flags as they stand now: those of main, or of the Change that rolls where it has reached the host, less what guardrails have turned off. Hosts are known by their ring's assignment; somebody who
/// is no host of the fleet is evaluated by what they say of themselves.
/// </summary>
internal sealed class LiveFlags(DesiredStates desired, RingAssignments rings, RollingFlags rolling)
{
    volatile IReadOnlyDictionary<string, FlagTrip> _trips = new Dictionary<string, FlagTrip>();

    volatile IReadOnlyDictionary<string, string> _held = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, FlagTrip> Trips
    {
        get => _trips;
        set => _trips = value;
    }

    /// <summary>Why a broken guardrail does not turn its flag off, by flag.</summary>
    public IReadOnlyDictionary<string, string> Held
    {
        get => _held;
        set => _held = value;
    }

    /// <summary>The flags that there are for a host.</summary>
    public FlagSet For(in HostIdentity host, int? ring)
    {
        var (flags, trips) = (rolling.Of(host, ring) ?? desired.Current.Flags, _trips);
        return trips.Count == 0 ? flags : new([.. flags.Flags.Select(f => trips.ContainsKey(f.Key) ? f with { Enabled = false } : f)]);
    }

    /// <summary>A host of the fleet by its key or name, within a tenant where one is named; else a stranger with the ring that it gives.</summary>
    public (HostIdentity Host, int? Ring) Identify(string targetingKey, string? tenant, int? ring)
    {
        if (tenant is not null && rings.Members.TryGetValue((tenant, targetingKey), out var exact)) return (exact.Host, exact.Ring);
        if (rings.Named(targetingKey).FirstOrDefault(m => tenant is null || m.Host.Tenant == tenant) is { } named) return (named.Host, named.Ring);
        return (new(tenant ?? "", targetingKey, targetingKey), ring);
    }

    public FlagVerdict? Evaluate(string key, in HostIdentity host, int? ring) =>
        _trips.TryGetValue(key, out var trip) && desired.Current.Flags.Find(key) is not null
            ? new(key, false, FlagReason.Disabled, $"Its guardrail turned it off: {FlagWords.Trip(trip)}")
            : FlagEvaluator.Evaluate(For(host, ring), key, host, ring);
}
