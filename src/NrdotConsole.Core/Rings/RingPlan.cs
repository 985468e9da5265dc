namespace NrdotConsole.Core.Rings;

/// <summary>What a ring is for: control rings are what treatment is compared with, the experimental one goes first.</summary>
public enum RingRole { Control, Treatment, Experimental }

/// <summary>A ring of hosts. <paramref name="Share"/> is 0..1 of the hosts that are not pinned; <paramref name="Profile"/> overrides the tenant's where it is named.</summary>
public sealed record Ring(int Id, string Name, decimal Share, RingRole Role, string? Profile = null);

/// <summary>
/// Which rings there are and how hosts come into them. Shares add up to exactly 1. <paramref name="RolloutOrder"/> names each ring
/// once, the first to change first: the order is data, no code infers it from numbers. Pins map a host's key to a ring; an excluded
/// host keeps its ring, and no rollout, experiment or automatic hand touches it.
/// </summary>
public sealed record RingPlan(
    string Salt, IReadOnlyList<Ring> Rings, IReadOnlyList<int> RolloutOrder, IReadOnlyDictionary<string, int> Pins, IReadOnlySet<string> Exclusions)
{
    /// <summary>0 and 1 control (A/A), 2 and 3 treatment, 4 experimental; a rollout goes 4, 3, 2, 1, 0.</summary>
    public static readonly RingPlan Default = new(
        "nrdot",
        [
            new(0, "control", 0.40m, RingRole.Control), new(1, "control A/A", 0.20m, RingRole.Control), new(2, "treatment", 0.20m, RingRole.Treatment),
            new(3, "early treatment", 0.15m, RingRole.Treatment), new(4, "experimental", 0.05m, RingRole.Experimental),
        ],
        [4, 3, 2, 1, 0], new Dictionary<string, int>(), new HashSet<string>());

    /// <summary>
    /// Whether both put hosts into the same rings: profiles, names and the order of rollouts may differ. Where they do, a change of plan moves
    /// nobody, not even a host by which shares have drifted from exact.
    /// </summary>
    public bool PlacesAlike(RingPlan other) =>
        Salt == other.Salt && Rings.Select(r => (r.Id, r.Share)).SequenceEqual(other.Rings.Select(r => (r.Id, r.Share)))
        && Pins.Count == other.Pins.Count && Pins.All(p => other.Pins.TryGetValue(p.Key, out var ring) && ring == p.Value);

    public Ring? Find(int id) => Rings.FirstOrDefault(r => r.Id == id);

    /// <summary>By what they say: plans of two commits are equal where neither would move a host from where the other puts it.</summary>
    public bool Equals(RingPlan? other) =>
        ReferenceEquals(this, other) || (other is not null && Salt == other.Salt && Rings.SequenceEqual(other.Rings) && RolloutOrder.SequenceEqual(other.RolloutOrder)
            && Pins.Count == other.Pins.Count && Pins.All(p => other.Pins.TryGetValue(p.Key, out var ring) && ring == p.Value) && Exclusions.SetEquals(other.Exclusions));

    public override int GetHashCode() => HashCode.Combine(Salt, Rings.Count, Pins.Count, Exclusions.Count);
}
