using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.Core.Flags;

/// <summary>Why a flag has its value; the names are OpenFeature's.</summary>
public enum FlagReason { Static, TargetingMatch, Split, Default, Disabled }

/// <summary>A flag's value for one host. <paramref name="Why"/> says it in words.</summary>
public sealed record FlagVerdict(string Key, bool Value, FlagReason Reason, string Why)
{
    public string Variant => Value ? "on" : "off";
}

/// <summary>Evaluates flags for hosts: pure, and for the same host and flag always the same until the flag's percentage passes the host's bucket.</summary>
public static class FlagEvaluator
{
    /// <summary>Percentages are told apart to a hundredth of a percent.</summary>
    public const int Buckets = 10_000;

    /// <summary>Deepest chain of prerequisites; a flag below it is off. Validation refuses cycles, this holds against what came past it.</summary>
    public const int MaxDepth = 16;

    /// <returns>Null where no flag has the key.</returns>
    public static FlagVerdict? Evaluate(FlagSet flags, string key, in HostIdentity host, int? ring) =>
        flags.Find(key) is { } flag ? Evaluate(flags, flag, host, ring, 0) : null;

    /// <summary>The flags that are on for a host, in the order of the file.</summary>
    public static IReadOnlyList<Flag> On(FlagSet flags, in HostIdentity host, int? ring)
    {
        var on = new List<Flag>();
        foreach (var flag in flags.Flags)
        {
            if (Evaluate(flags, flag, host, ring, 0).Value) on.Add(flag);
        }
        return on;
    }

    /// <summary>Where a host stands among <see cref="Buckets"/> for a flag: of its own for each flag, so that two flags at 20 % do not choose the same hosts.</summary>
    public static int BucketOf(string flagKey, in HostIdentity host) =>
        (int)(Hash64.Combine(Hash64.Of(flagKey), Hash64.Combine(Hash64.Of(host.Tenant), Hash64.Of(host.Key))) % Buckets);

    static FlagVerdict Evaluate(FlagSet flags, Flag flag, in HostIdentity host, int? ring, int depth)
    {
        if (!flag.Enabled) return new(flag.Key, false, FlagReason.Disabled, "The flag is disabled");
        foreach (var key in flag.Prerequisites)
        {
            if (depth >= MaxDepth || flags.Find(key) is not { } needed || !Evaluate(flags, needed, host, ring, depth + 1).Value)
                return new(flag.Key, false, FlagReason.Default, $"Its prerequisite {key} is off for this host");
        }
        if (flag.Tenants.Count > 0 && !flag.Tenants.Contains(host.Tenant, StringComparer.Ordinal))
            return new(flag.Key, false, FlagReason.Default, $"Tenant {host.Tenant} is not among its tenants");
        if (flag.Rings.Count > 0 && (ring is not { } own || !flag.Rings.Contains(own)))
            return new(flag.Key, false, FlagReason.Default, ring is null ? "The host has no ring" : $"Ring {ring} is not among its rings");
        if (flag.Hosts.Count > 0 && !Names(flag.Hosts, host))
            return new(flag.Key, false, FlagReason.Default, "The host is not among its hosts");
        return flag.Strategy switch
        {
            // A list that its strategy needs and that is empty names nobody, not everybody.
            FlagStrategy.Canary when flag.Hosts.Count == 0 => new(flag.Key, false, FlagReason.Default, "It names no hosts"),
            FlagStrategy.Ring when flag.Rings.Count == 0 => new(flag.Key, false, FlagReason.Default, "It names no rings"),
            FlagStrategy.Tenant when flag.Tenants.Count == 0 => new(flag.Key, false, FlagReason.Default, "It names no tenants"),
            FlagStrategy.Canary => new(flag.Key, true, FlagReason.TargetingMatch, "The host is a canary"),
            FlagStrategy.Ring => new(flag.Key, true, FlagReason.TargetingMatch, $"Ring {ring} is among its rings"),
            FlagStrategy.Tenant => new(flag.Key, true, FlagReason.TargetingMatch, $"Tenant {host.Tenant} is among its tenants"),
            FlagStrategy.Percentage => Split(flag, host),
            _ => new(flag.Key, true, FlagReason.Static, "It is on for every host"),
        };
    }

    static FlagVerdict Split(Flag flag, in HostIdentity host)
    {
        var bucket = BucketOf(flag.Key, host);
        var isOn = bucket < flag.Percentage * (Buckets / 100);
        return new(flag.Key, isOn, FlagReason.Split, $"The host stands at {bucket / 100m:0.00} %, the flag reaches {flag.Percentage:0.##} %");
    }

    static bool Names(IReadOnlyList<string> hosts, in HostIdentity host)
    {
        foreach (var name in hosts)
        {
            if (name == host.Key || string.Equals(name, host.Name, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
