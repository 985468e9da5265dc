namespace NrdotConsole.Core.Statistics;

/// <summary>
/// Quantiles of Student's t for one upper tail probability, by whole degrees of freedom: a fraction is rounded down, which widens
/// the interval. Each is found once by bisection and kept. Not safe for concurrent use.
/// </summary>
public sealed class StudentT
{
    /// <summary>Beyond it the quantile differs from the normal's by less than 0.5 % at any tail in use.</summary>
    const int MostDegrees = 1000;

    readonly double[] _byDegrees = new double[MostDegrees + 1];

    /// <param name="upperTail">P(T > t), 0 &lt; p &lt; 0.5.</param>
    public StudentT(double upperTail)
    {
        if (upperTail is not (> 0 and < 0.5)) throw new ArgumentOutOfRangeException(nameof(upperTail), upperTail, "above 0, below 0.5");
        UpperTail = upperTail;
    }

    public double UpperTail { get; }

    /// <summary>The t that a variable of that many degrees of freedom exceeds with <see cref="UpperTail"/>.</summary>
    public double Quantile(double degrees)
    {
        var whole = (int)Math.Clamp(degrees, 1, MostDegrees);
        if (_byDegrees[whole] == 0) _byDegrees[whole] = Find(whole);
        return _byDegrees[whole];
    }

    /// <summary>P(T > t) = I_{ν/(ν+t²)}(ν/2, 1/2) / 2 for t ≥ 0 (DLMF 8.17.22's function; Abramowitz and Stegun 26.7.1).</summary>
    public static double Tail(double t, double degrees)
    {
        var half = SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + (t * t))) / 2;
        return t >= 0 ? half : 1 - half;
    }

    double Find(int degrees)
    {
        var (low, high) = (0.0, 1.0);
        while (Tail(high, degrees) > UpperTail) high *= 2;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Tail(middle, degrees) > UpperTail) low = middle;
            else high = middle;
        }
        return high;
    }
}
