using System.Globalization;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Features.Rings;

/// <summary>
/// What a form or a request alters of the plan; null leaves a part as it is. Shares (0..1) are of the rings that are named, the others keep
/// theirs; order, pins (host keys) and exclusions (host keys) replace the whole of what was.
/// </summary>
internal sealed record RingEdit
{
    public const string File = "rings.yaml";
    public const int MaxHosts = Field.MaxItems;

    /// <summary>More changed pins than this are written as one block: comments between pins are lost then.</summary>
    const int MostSinglePins = 50;

    public IReadOnlyDictionary<int, decimal>? Shares { get; init; }
    public IReadOnlyList<int>? Order { get; init; }
    public IReadOnlyDictionary<string, int>? Pins { get; init; }
    public IReadOnlyList<string>? Exclusions { get; init; }

    public (RingPlan Plan, IReadOnlyList<Fault> Faults) On(RingPlan plan)
    {
        var faults = new List<Fault>();
        var ids = plan.Rings.Select(r => r.Id).ToHashSet();
        var known = $"a ring of the plan: {string.Join(", ", plan.Rings.Select(r => r.Id))}";
        var rings = Share(plan, ids, known, faults);
        if (Order is not null && (Order.Count != ids.Count || !ids.SetEquals(Order))) faults.Add(new("order", string.Join(", ", Order.Take(20)), $"each ring once: {string.Join(", ", plan.RolloutOrder)}"));
        if (Pins?.Count > MaxHosts) faults.Add(new("pins", $"{Pins.Count} hosts", $"at most {MaxHosts}"));
        if (Exclusions?.Count > MaxHosts) faults.Add(new("exclusions", $"{Exclusions.Count} hosts", $"at most {MaxHosts}"));
        foreach (var (host, ring) in Pins ?? new Dictionary<string, int>())
        {
            if (!IsKey(host)) faults.Add(new("pins", Short(host), $"the key of a host, at most {Field.MaxNameLength} characters"));
            else if (!ids.Contains(ring)) faults.Add(new($"pins.{Short(host)}", $"{ring}", known));
        }
        foreach (var host in (Exclusions ?? []).Where(h => !IsKey(h))) faults.Add(new("exclusions", Short(host ?? ""), $"the key of a host, at most {Field.MaxNameLength} characters"));
        if (faults.Count > 0) return (plan, [.. faults.Take(20)]);
        return (plan with { Rings = rings, RolloutOrder = Order ?? plan.RolloutOrder, Pins = Pins ?? plan.Pins, Exclusions = Exclusions?.ToHashSet(StringComparer.Ordinal) ?? plan.Exclusions }, faults);
    }

    IReadOnlyList<Ring> Share(RingPlan plan, HashSet<int> ids, string known, List<Fault> faults)
    {
        if (Shares is null) return plan.Rings;
        var before = faults.Count;
        foreach (var (id, share) in Shares)
        {
            if (!ids.Contains(id)) faults.Add(new("shares", $"{id}", known));
            else if (share is < 0 or > 1) faults.Add(new($"shares.{id}", Text(share), "0 to 1"));
        }
        IReadOnlyList<Ring> rings = [.. plan.Rings.Select(r => Shares.TryGetValue(r.Id, out var share) ? r with { Share = share } : r)];
        var sum = rings.Sum(r => r.Share);
        if (faults.Count == before && sum != 1) faults.Add(new("shares", Text(sum), $"shares of all rings that add up to exactly 1: {(sum > 1 ? "take away" : "add")} {Text(Math.Abs(1 - sum))}"));
        return rings;
    }

    /// <summary>The file with what differs between two plans, and everything else as its author wrote it.</summary>
    /// <exception cref="FormatException">The text is no YAML of the file's shape.</exception>
    public static string Write(string text, RingPlan before, RingPlan after)
    {
        foreach (var ring in after.Rings.Where(r => before.Find(r.Id)?.Share != r.Share))
            text = ConfigEdit.Set(text, ["rings", $"id={ring.Id}", "share"], new YamlScalar(Text(ring.Share), YamlKind.Number));
        if (!after.RolloutOrder.SequenceEqual(before.RolloutOrder)) text = ConfigEdit.Set(text, ["rollout_order"], new YamlList([.. after.RolloutOrder.Select(i => (YamlNode)i)]));
        text = WritePins(text, before.Pins, after.Pins);
        if (!after.Exclusions.SetEquals(before.Exclusions)) text = Whole(text, "exclusions", YamlList.Of(after.Exclusions.Order(StringComparer.Ordinal)));
        return text;
    }

    static string WritePins(string text, IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after)
    {
        var gone = before.Keys.Where(k => !after.ContainsKey(k)).ToList();
        var set = after.Where(p => !before.TryGetValue(p.Key, out var ring) || ring != p.Value).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        if (gone.Count + set.Count == 0) return text;
        if (before.Count == 0 || gone.Count + set.Count > MostSinglePins || after.Count == 0)
            return Whole(text, "pins", YamlMap.Of(after.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, (YamlNode)p.Value))));
        foreach (var key in gone) text = ConfigEdit.Remove(text, ["pins", key]);
        foreach (var (key, ring) in set) text = ConfigEdit.Set(text, ["pins", key], ring);
        return text;
    }

    /// <summary>In place where it is short, else as a block of lines: a diff of it names the hosts.</summary>
    static string Whole(string text, string key, YamlNode value) =>
        value is YamlMap { Entries.Count: 0 } or YamlList { Items.Count: 0 } ? ConfigEdit.Set(text, [key], value) : ConfigEdit.Set(ConfigEdit.Remove(text, [key]), [key], value);

    static bool IsKey(string? host) => host is { Length: > 0 and <= Field.MaxNameLength } && host.Trim().Length == host.Length && !host.Any(char.IsControl);

    static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;

    static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
