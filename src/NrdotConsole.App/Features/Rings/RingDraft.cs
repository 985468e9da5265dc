using NrdotConsole.App.Platform.Rings;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Features.Rings;

/// <summary>What a form does with many hosts at once.</summary>
public enum RingBulkKind { Pin, Unpin, Exclude, Include }

/// <summary>Hosts by key and what becomes of them; <paramref name="Ring"/> counts for a pin alone.</summary>
public sealed record RingBulk(RingBulkKind Kind, IReadOnlyList<string> Keys, int Ring);

/// <summary>The plan as a form edits it. Shares are percent.</summary>
internal sealed class RingDraft(RingPlan plan)
{
    readonly RingPlan _before = plan;

    public Dictionary<int, decimal> Percents { get; } = plan.Rings.ToDictionary(r => r.Id, r => r.Share * 100);
    public List<int> Order { get; } = [.. plan.RolloutOrder];
    public Dictionary<string, int> Pins { get; } = plan.Pins.ToDictionary(StringComparer.Ordinal);
    public HashSet<string> Exclusions { get; } = new(plan.Exclusions, StringComparer.Ordinal);

    public decimal Sum => Percents.Values.Sum();

    public RingEdit Edit => new()
    {
        Shares = Percents.ToDictionary(p => p.Key, p => p.Value / 100), Order = [.. Order], Pins = new Dictionary<string, int>(Pins), Exclusions = [.. Exclusions],
    };

    public bool IsChanged =>
        _before.Rings.Any(r => r.Share * 100 != Percents[r.Id]) || !_before.RolloutOrder.SequenceEqual(Order) || !_before.Exclusions.SetEquals(Exclusions)
        || _before.Pins.Count != Pins.Count || Pins.Any(p => !_before.Pins.TryGetValue(p.Key, out var ring) || ring != p.Value);

    /// <summary>Gives a ring what is missing to 100 %, or takes from it what is too much, as far as it has it.</summary>
    public void Balance(int ring) => Percents[ring] = Math.Clamp(Percents[ring] + 100 - Sum, 0, 100);

    /// <summary>Puts a ring earlier (-1) or later (+1).</summary>
    public void Shift(int ring, int by)
    {
        var at = Order.IndexOf(ring);
        var to = at + by;
        if (to < 0 || to >= Order.Count) return;
        (Order[at], Order[to]) = (Order[to], Order[at]);
    }

    public void Do(RingBulk bulk)
    {
        foreach (var key in bulk.Keys)
        {
            switch (bulk.Kind)
            {
                case RingBulkKind.Pin: Pins[key] = bulk.Ring; break;
                case RingBulkKind.Unpin: Pins.Remove(key); break;
                case RingBulkKind.Exclude: Exclusions.Add(key); break;
                default: Exclusions.Remove(key); break;
            }
        }
    }

    /// <summary>Keys of the hosts that a pasted list names by name, key, or tenant/key; and the names of nobody. A pinned or excluded key counts as known.</summary>
    public (IReadOnlyList<string> Keys, IReadOnlyList<string> NotSeen) Resolve(string list, IEnumerable<RingMember> members)
    {
        var names = list.Split([',', ';', '\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0) return ([], []);
        var (keys, found) = (new SortedSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var host in members.Select(m => m.Host))
        {
            if (!names.Contains(host.Key) && !names.Contains(host.Name) && !names.Contains($"{host.Tenant}/{host.Key}")) continue;
            keys.Add(host.Key);
            found.UnionWith([host.Key, host.Name, $"{host.Tenant}/{host.Key}"]);
        }
        foreach (var name in names.Where(n => Pins.ContainsKey(n) || Exclusions.Contains(n)))
        {
            keys.Add(name);
            found.Add(name);
        }
        return ([.. keys], [.. names.Where(n => !found.Contains(n)).Order(StringComparer.Ordinal)]);
    }
}
