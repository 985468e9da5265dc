using System.Runtime.CompilerServices;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Coverage;

/// <summary>
/// Counts that coverage is made of, for a host, a tenant or the fleet. Whole numbers only, so a tally kept by adding and
/// subtracting hosts equals one computed from scratch.
/// </summary>
public struct CoverageTally : IEquatable<CoverageTally>
{
    PerTier _fresh;
    PerTier _known;
    long _freshWeight;
    long _knownWeight;

    public int HostsKnown { get; private set; }
    public int HostsUnknown { get; private set; }

    /// <summary>Sum of the importance of fresh processes over that of known ones; null where that is 0.</summary>
    public readonly double? Score => _knownWeight > 0 ? (double)_freshWeight / _knownWeight : null;

    public readonly int Fresh => _fresh[0] + _fresh[1] + _fresh[2] + _fresh[3];
    public readonly int Known => _known[0] + _known[1] + _known[2] + _known[3];
    public readonly CoverageRatio All => new(Fresh, Known);
    public readonly CoverageRatio Of(Tier tier) => new(_fresh[(int)tier], _known[(int)tier]);

    public readonly IReadOnlyList<TierCoverage> Tiers =>
    [
        new(Tier.Critical, Of(Tier.Critical)), new(Tier.Important, Of(Tier.Important)),
        new(Tier.Standard, Of(Tier.Standard)), new(Tier.Noise, Of(Tier.Noise)),
    ];

    public void CountHost(bool denominatorKnown)
    {
        if (denominatorKnown) HostsKnown++;
        else HostsUnknown++;
    }

    public void CountProcess(ProcessClass process, bool fresh)
    {
        var tier = (int)process.Tier;
        _known[tier]++;
        _knownWeight += process.ImportanceTenths;
        if (!fresh) return;
        _fresh[tier]++;
        _freshWeight += process.ImportanceTenths;
    }

    public void Add(in CoverageTally other) => Merge(other, 1);

    public void Subtract(in CoverageTally other) => Merge(other, -1);

    void Merge(in CoverageTally other, int sign)
    {
        for (var tier = 0; tier < 4; tier++)
        {
            _fresh[tier] += sign * other._fresh[tier];
            _known[tier] += sign * other._known[tier];
        }
        _freshWeight += sign * other._freshWeight;
        _knownWeight += sign * other._knownWeight;
        HostsKnown += sign * other.HostsKnown;
        HostsUnknown += sign * other.HostsUnknown;
    }

    public readonly bool Equals(CoverageTally other) =>
        _freshWeight == other._freshWeight && _knownWeight == other._knownWeight
        && HostsKnown == other.HostsKnown && HostsUnknown == other.HostsUnknown
        && ((ReadOnlySpan<int>)_fresh).SequenceEqual(other._fresh) && ((ReadOnlySpan<int>)_known).SequenceEqual(other._known);

    public override readonly bool Equals(object? obj) => obj is CoverageTally other && Equals(other);
    public override readonly int GetHashCode() => HashCode.Combine(_freshWeight, _knownWeight, Fresh, Known, HostsKnown, HostsUnknown);
    public static bool operator ==(CoverageTally left, CoverageTally right) => left.Equals(right);
    public static bool operator !=(CoverageTally left, CoverageTally right) => !left.Equals(right);

    [InlineArray(4)]
    struct PerTier
    {
        int _first;
    }
}
