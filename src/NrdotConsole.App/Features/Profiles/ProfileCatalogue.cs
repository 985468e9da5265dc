using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Features.Profiles;

/// <summary>A profile with the hosts that should have it by the desired state, and those whose collectors say that they do.</summary>
public sealed record ProfileRow(Profile Profile, bool IsDefault, int HostsDesired, IReadOnlyList<string> Tenants, int HostsReporting, FleetEstimate Estimate)
{
    /// <summary>Direction in words, from the profiles in the order of their cost.</summary>
    public static string Words(IReadOnlyList<ProfileRow> byCost, int place) => place switch
    {
        0 when byCost.Count == 1 => "the only one",
        0 => "collects least, costs least",
        _ when place == byCost.Count - 1 => "collects most, costs most",
        _ => $"collects less, costs less than {byCost[place + 1].Profile.Name}",
    };
}

/// <summary>The profiles, the one that costs least first.</summary>
public sealed record ProfileList(string Commit, EstimateBasis Basis, IReadOnlyList<ProfileRow> Profiles);

/// <summary>A rendered configuration as it would go out, what its check found, and what the sample and measured hosts would send by it.</summary>
public sealed record RenderedProfile(string Profile, int Ring, string? Tenant, string Yaml, string Hash, IReadOnlyList<string> FlagsOn, IReadOnlyList<ConfigFinding> Findings)
{
    public bool IsRefused => Findings.Any(f => f.IsError);
}

internal sealed class ProfileCatalogue(DesiredStates desired, RingAssignments rings, SignalBoard board, FleetEstimator estimator, CollectorEndpoints endpoints)
{
    public ProfileSet Profiles => desired.Current.Profiles;
    public DesiredState State => desired.Current;

    /// <param name="tenants">The tenants that the asker may see; null for all.</param>
    public ProfileList List(IReadOnlySet<string>? tenants)
    {
        var state = desired.Current;
        var members = rings.Members.Values.Where(m => tenants is null || tenants.Contains(m.Host.Tenant)).ToArray();
        var wanted = members.ToLookup(m => HostConfig.ProfileOf(state, m.Host, m.Ring).Name, m => m.Host.Tenant);
        var rows = (board.Fleet(SignalScope.Fleet).Current?.Rows ?? []).Where(r => tenants is null || tenants.Contains(r.Tenant));
        var reporting = rows.CountBy(r => r.Profile).ToDictionary();
        var look = estimator.Take(tenants);
        return new(state.Commit, look.Basis,
        [
            .. state.Profiles.Profiles.OrderBy(p => p.CostRank).Where(p => look.ByProfile.ContainsKey(p.Name)).Select(p =>
                new ProfileRow(p, p.Name == state.Profiles.Default, wanted[p.Name].Count(), [.. wanted[p.Name].Distinct().Order(StringComparer.Ordinal)], reporting.GetValueOrDefault(p.Name), look.ByProfile[p.Name])),
        ]);
    }

    /// <summary>As a host of the ring and tenant would get it. Flags that are on for single hosts only are not among them: no host is named.</summary>
    public RenderedProfile? Render(string name, int ring, string? tenant)
    {
        var state = desired.Current;
        if (state.Profiles.Find(name) is not { } profile) return null;
        var resolved = HostConfig.Resolve(state, new(tenant ?? "", "", ""), ring, endpoints) with { Profile = profile };
        var config = CollectorConfigRenderer.Render(resolved);
        // The text is read back, so that a finding has its line in it.
        var (root, fault) = YamlTree.Read(config.Yaml);
        return new(name, ring, tenant, config.Yaml, config.Hash, [.. resolved.FlagsOn.Select(f => f.Key)],
            root is null ? [new(true, fault!.Line, "", fault.Message, "Mend the fragment of a flag.")] : ConfigCheck.Check(root, resolved.Classification, resolved.Declared));
    }
}
