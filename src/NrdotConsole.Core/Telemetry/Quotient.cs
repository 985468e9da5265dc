namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// Shares of a whole that stays the same, like memory in use of the memory there is: doubles of 17 digits that are quotients of integers by one divisor.
/// The divisor is found by continued fractions, which yield every fraction that rounds to a value and whose denominator is under 2^26. A value that is no
/// quotient is seldom met by one of those, and several never by one together.
/// </summary>
static class Quotient
{
    const long MaxDenominator = 1L << 26, MaxDivisor = 1L << 42, MaxInteger = 1L << 53;

    /// <summary>So many values may each make the divisor larger.</summary>
    const int MaxTries = 12;

    /// <summary>A divisor with which every value is exactly an integer / divisor, the integers in <paramref name="integers"/>; 0 where none was found.</summary>
    public static long Divisor(ReadOnlySpan<double> values, Span<long> integers)
    {
        long divisor = 1;
        var tries = 0;
        for (var i = 0; i < values.Length;)
        {
            if (TryMultiply(values[i], divisor, out integers[i]))
            {
                i++;
                continue;
            }
            var denominator = Denominator(values[i]);
            if (denominator == 0 || ++tries > MaxTries) return 0;
            var factor = denominator / CommonDivisor(denominator, divisor);
            if (factor == 1 || divisor > MaxDivisor / factor) return 0;
            divisor *= factor;
            i = 0;
        }
        return divisor;
    }

    static bool TryMultiply(double value, long divisor, out long integer)
    {
        var product = Math.Round(value * divisor);
        integer = 0;
        if (!(Math.Abs(product) < MaxInteger)) return false;
        integer = (long)product;
        return BitConverter.DoubleToInt64Bits(integer / (double)divisor) == BitConverter.DoubleToInt64Bits(value);
    }

    /// <summary>The smallest denominator among the convergents that round to <paramref name="value"/>; 0 where it is too large, or the value too far from 1.</summary>
    static long Denominator(double value)
    {
        value = Math.Abs(value);
        if (!(value is > 1e-9 and < 1e9)) return 0;
        const int fraction = 52, bias = 1075;
        var bits = BitConverter.DoubleToInt64Bits(value);
        // value = dividend / divisor, as it is.
        UInt128 dividend = (ulong)(bits & ((1L << fraction) - 1)) | 1UL << fraction, divisor = UInt128.One << (int)(bias - (bits >> fraction));
        var (numerator, numeratorBefore) = (1L, 0L);
        var (denominator, denominatorBefore) = (0L, 1L);
        while (divisor != 0)
        {
            var (whole, rest) = UInt128.DivRem(dividend, divisor);
            if (denominator > 0 && whole > MaxDenominator) return 0;
            var quotient = (long)whole;
            (numerator, numeratorBefore) = (quotient * numerator + numeratorBefore, numerator);
            (denominator, denominatorBefore) = (quotient * denominator + denominatorBefore, denominator);
            if (denominator > MaxDenominator) return 0;
            if (numerator / (double)denominator == value) return denominator;
            (dividend, divisor) = (divisor, rest);
        }
        return 0;
    }

    static long CommonDivisor(long a, long b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
