using NrdotConsole.Core.Coverage;

namespace NrdotConsole.Core.Fleet;

/// <summary>
/// A kind of process, as operators rank them. Importance is kept in tenths (0..10), so that sums of it are exact
/// and can be maintained by adding and subtracting.
/// </summary>
public sealed record ProcessClass(int Index, string Name, int ImportanceTenths)
{
    /// <summary>0..1.</summary>
    public double Importance => ImportanceTenths / 10.0;

    public Tier Tier => TierOf(ImportanceTenths);

    /// <summary>Critical at or above 0.9, important 0.6, standard 0.3, noise below.</summary>
    public static Tier TierOf(int importanceTenths) => importanceTenths switch
    {
        >= 9 => Tier.Critical,
        >= 6 => Tier.Important,
        >= 3 => Tier.Standard,
        _ => Tier.Noise,
    };
}
