using System.Globalization;
using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>feature-flags.yaml</c>: flags by key, as the guide has them, with our additions (prerequisites, guardrails, a collector fragment, owner, expiry).</summary>
internal static partial class FlagsSchema
{
    const int MaxFlags = 500;

    public static FlagSet? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var fields = map.Require("features", "list the flags by key")?.Map()?.Named().ToList() ?? [];
        var flags = fields.Select(f => One(f.Name, f.Value, links)).OfType<Flag>().ToList();
        map.Close();
        if (flags.Count > MaxFlags) map.Error($"There are {flags.Count} flags.", $"at most {MaxFlags}");
        foreach (var (key, field) in fields)
            if (Cycle(key, flags) is { } cycle) field.Error($"Its prerequisites lead back to it: {string.Join(" → ", cycle)}.", "take one of them away");
        return new(flags);
    }

    static Flag? One(string key, Field field, Links links)
    {
        if (!Key().IsMatch(key)) field.Error($"'{key}' is no key of a flag.", "letters, digits, '_', '-' and '.', up to 100");
        if (field.Map() is not { } map) return null;
        var fragment = map.Find("collector") is { } collector && collector.Map() is not null ? collector.Node.ToYaml().AsMap : null;
        var flag = new Flag
        {
            Key = key,
            Enabled = map.Require("enabled", "true or false")?.Switch() ?? false,
            Description = map.Find("description")?.Text() ?? "",
            Owner = map.Find("owner")?.Name(),
            Expires = Day(map.Find("expires")),
            Prerequisites = map.Find("prerequisites")?.ListOf(p => Linked(p, LinkKind.Flag, links)) ?? [],
            Guardrails = map.Find("guardrails")?.ListOf(Guardrail) ?? [],
            CollectorConfig = fragment is null ? null : YamlWriter.Write(fragment),
            Fragment = fragment,
        };
        if (map.Find("rollout")?.Map() is { } rollout) flag = Rollout(flag, rollout, links);
        map.Close();
        return flag;
    }

    static Flag Rollout(Flag flag, FieldMap rollout, Links links)
    {
        var percentage = rollout.Find("percentage");
        flag = flag with
        {
            Strategy = rollout.Require("strategy", "all, percentage, canary, ring or tenant")?.Choice<FlagStrategy>() ?? FlagStrategy.All,
            Percentage = percentage?.Number(0, 100) ?? 100,
            Rings = rollout.Find("rings")?.ListOf(r => RingOf(r, links)) ?? [],
            Hosts = rollout.Find("hosts")?.ListOf(h => h.Name()) ?? [],
            Tenants = rollout.Find("tenants")?.ListOf(t => Linked(t, LinkKind.Tenant, links)) ?? [],
        };
        rollout.Close();
        switch (flag.Strategy)
        {
            case FlagStrategy.Percentage when percentage is null: rollout.Error("A percentage rollout has no 'percentage'.", "0 to 100"); break;
            case not FlagStrategy.Percentage when percentage is not null: percentage.Warning($"The strategy {flag.Strategy.ToString().ToLowerInvariant()} does not look at it.", "strategy: \"percentage\" does"); break;
            case FlagStrategy.Canary when flag.Hosts.Count == 0: rollout.Error("A canary rollout names no hosts.", "hosts: [\"name\"]"); break;
            case FlagStrategy.Ring when flag.Rings.Count == 0: rollout.Error("A ring rollout names no rings.", "rings: [4]"); break;
            case FlagStrategy.Tenant when flag.Tenants.Count == 0: rollout.Error("A tenant rollout names no tenants.", "tenants: [\"name\"]"); break;
        }
        return flag;
    }

    static FlagGuardrail? Guardrail(Field field)
    {
        if (field.Map() is not { } map) return null;
        var signal = map.Require("signal", $"one of {string.Join(", ", GuardrailSignals.Names)}")?.Name();
        var (min, max) = (map.Find("min")?.Number(decimal.MinValue, decimal.MaxValue), map.Find("max")?.Number(decimal.MinValue, decimal.MaxValue));
        map.Close();
        if (signal is not null && GuardrailSignals.Check(signal, (double?)min, (double?)max) is var (fault, mend)) map.Error(fault, mend);
        return signal is null ? null : new(signal, (double?)min, (double?)max);
    }

    static int? RingOf(Field field, Links links)
    {
        var id = field.Whole(0, int.MaxValue);
        if (id is { } ring) links.Add(LinkKind.Ring, ring.ToString(CultureInfo.InvariantCulture), field);
        return id;
    }

    static string? Linked(Field field, LinkKind kind, Links links)
    {
        var name = field.Name();
        if (name is not null) links.Add(kind, name, field);
        return name;
    }

    static DateOnly? Day(Field? field)
    {
        if (field?.Text() is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        field.Error($"'{text}' is not a day.", "write it as 2026-12-31");
        return null;
    }

    /// <summary>The way from a flag through prerequisites back to it; null where there is none.</summary>
    static List<string>? Cycle(string key, List<Flag> flags)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var ways = new Stack<List<string>>([[key]]);
        while (ways.TryPop(out var way))
        {
            foreach (var next in flags.Find(f => f.Key == way[^1])?.Prerequisites ?? [])
            {
                if (next == key) return [.. way, next];
                if (seen.Add(next)) ways.Push([.. way, next]);
            }
        }
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}$")]
    private static partial Regex Key();
}
