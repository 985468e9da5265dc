using System.Globalization;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>rings.yaml</c>: the rings with their shares, the order of rollouts, pinned and excluded hosts.</summary>
internal static class RingsSchema
{
    const int MaxRings = 100, LargestId = 999;

    public static RingPlan? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var list = map.Require("rings", "list the rings: id, name, share, role");
        var rings = list?.ListOf(r => One(r, links)) ?? [];
        var order = map.Require("rollout_order", "name each ring once, the first to change first");
        var ids = order?.ListOf(i => i.Whole(0, LargestId)) ?? [];
        var salt = map.Find("salt")?.Name() ?? RingPlan.Default.Salt;
        var pins = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (host, pin) in map.Find("pins")?.Map()?.Named() ?? [])
        {
            if (pin.Whole(0, LargestId) is not { } id) continue;
            links.Add(LinkKind.Ring, id.ToString(CultureInfo.InvariantCulture), pin);
            pins[host] = id;
        }
        var exclusions = map.Find("exclusions")?.ListOf(h => h.Name()).ToHashSet(StringComparer.Ordinal) ?? [];
        map.Close();
        if (list is not null) Check(list, rings);
        if (order is not null && rings.Count == list?.Node.Items.Count) CheckOrder(order, rings, ids);
        return root.Faults.HasErrors ? null : new(salt, rings, ids, pins, exclusions);
    }

    static Ring? One(Field field, Links links)
    {
        if (field.Map() is not { } map) return null;
        var profile = map.Find("profile");
        if (profile?.Name() is { } name) links.Add(LinkKind.Profile, name, profile);
        var ring = (Id: map.Require("id", "a whole number")?.Whole(0, LargestId), Name: map.Require("name", "what people call it")?.Name(),
            Share: map.Require("share", "0 to 1 of the hosts")?.Number(0, 1), Role: map.Require("role", "control, treatment or experimental")?.Choice<RingRole>());
        map.Close();
        return ring is { Id: { } id, Name: { } word, Share: { } share, Role: { } role } ? new(id, word, share, role, profile?.Name()) : null;
    }

    static void Check(Field list, IReadOnlyList<Ring> rings)
    {
        if (rings.Count is 0 or > MaxRings) list.Error($"There are {rings.Count} rings.", $"1 to {MaxRings}");
        foreach (var id in rings.GroupBy(r => r.Id).Where(g => g.Count() > 1)) list.Error($"Two rings have the id {id.Key}.", "each ring has an id of its own");
        foreach (var name in rings.GroupBy(r => r.Name).Where(g => g.Count() > 1)) list.Error($"Two rings are called '{name.Key}'.", "each ring has a name of its own");
        var sum = rings.Sum(r => r.Share);
        if (!list.Faults.HasErrors && sum != 1) list.Error(string.Create(CultureInfo.InvariantCulture, $"The shares add up to {sum}."), string.Create(CultureInfo.InvariantCulture, $"they add up to exactly 1: {(sum > 1 ? "take away" : "add")} {Math.Abs(1 - sum)}"));
    }

    static void CheckOrder(Field order, IReadOnlyList<Ring> rings, IReadOnlyList<int> ids)
    {
        foreach (var id in ids.GroupBy(i => i).Where(g => g.Count() > 1)) order.Error($"Ring {id.Key} is named {id.Count()} times.", "name each ring once");
        foreach (var id in ids.Except(rings.Select(r => r.Id))) order.Error($"There is no ring {id}.", $"there are: {string.Join(", ", rings.Select(r => r.Id))}");
        foreach (var ring in rings.Where(r => !ids.Contains(r.Id))) order.Error($"Ring {ring.Id} ({ring.Name}) is not named: no rollout would reach it.", "name each ring once");
    }
}
