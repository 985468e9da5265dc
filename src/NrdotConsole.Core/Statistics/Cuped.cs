namespace NrdotConsole.Core.Statistics;

/// <summary>One unit: what it measured, and what it measured before anything was tried on it, if that is known.</summary>
public readonly record struct BeforeAndNow(double? Before, double Now);

/// <summary>
/// Takes out of two arms what their units were like before (CUPED; Deng, Xu, Kohavi and Walker, WSDM 2013, "Improving the sensitivity of online
/// controlled experiments by utilizing pre-experiment data"): now - theta (before - mean before), theta the slope within the arms, pooled over both, so
/// that no effect of the treatment leaks into it (Lin 2013, on regression adjustment). A difference that stood before goes with it. Units whose
/// past is not known stay as they are.
/// </summary>
public sealed record Cuped(Moments Treated, Moments Control, double Theta)
{
    /// <summary>Fewer with a known past in either arm, and the slope is guessed rather than measured.</summary>
    public const int LeastUnits = 10;

    /// <summary>Null where too few have a known past, or all had the same.</summary>
    public static Cuped? Adjust(IReadOnlyList<BeforeAndNow> treated, IReadOnlyList<BeforeAndNow> control)
    {
        var (t, c) = (Known(treated), Known(control));
        if (t.Count < LeastUnits || c.Count < LeastUnits) return null;
        var (xy, xx) = (Products(t, u => u.Now) + Products(c, u => u.Now), Products(t, u => u.Before!.Value) + Products(c, u => u.Before!.Value));
        if (xx < 1e-18) return null;
        var theta = xy / xx;
        var before = t.Concat(c).Average(u => u.Before!.Value);
        Moments Arm(IReadOnlyList<BeforeAndNow> units) => Moments.Of([.. units.Select(u => u.Now - (u.Before is { } x ? theta * (x - before) : 0))]);
        return new(Arm(treated), Arm(control), theta);
    }

    /// <summary>By Welch; the slope, which was estimated, costs a degree of freedom.</summary>
    public Comparison Compare(double leastDeviation)
    {
        var plain = Comparison.Of(Treated, Control, leastDeviation);
        var degrees = Treated.Count + Control.Count - 2;
        return plain with { StandardError = plain.StandardError * Math.Sqrt(degrees / (degrees - 1.0)), Degrees = Math.Max(1, plain.Degrees - 1) };
    }

    static List<BeforeAndNow> Known(IReadOnlyList<BeforeAndNow> units) => [.. units.Where(u => u.Before is not null)];

    /// <summary>Sum of (before - its mean) x (value - its mean).</summary>
    static double Products(List<BeforeAndNow> units, Func<BeforeAndNow, double> value)
    {
        var (x, y) = (units.Average(u => u.Before!.Value), units.Average(value));
        return units.Sum(u => (u.Before!.Value - x) * (value(u) - y));
    }
}
