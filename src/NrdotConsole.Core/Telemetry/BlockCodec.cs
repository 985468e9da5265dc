namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// Many series of one metric over a window: the form that is fast to read and small to keep. Exact for every bit pattern.
/// <code>
/// version (1 byte) | series | time columns | bytes of the head | bytes of plane 0 .. 7      varints
/// head, varints:
///   a time column   points, first time (folded difference to the first time of the column before), first step, changes of the step
///   a series        resource, attributes, time column (folded differences to the series before),
///                   form (1 byte: order x 8 + scale), width (1 byte), [divisor], unit, the numbers before the residuals (folded), smallest (folded)
/// planes            plane k: byte k of the residuals of every series whose width is above k, series by series
///
/// scale 0..6   a value is an integer / 10^scale
/// scale 7      a value is the integer's bits
/// order + 4    scale is 0, and a value is an integer / the divisor: memory in use of the memory there is
/// order 0      integer = smallest + unit x residual
/// order 1      the first integer, then differences as above
/// order 2      the first integer, the first difference, then differences of differences as above
/// </code>
/// Series of one host are sent together, so most share a time column. Residuals are not negative and bytes of one weight lie together:
/// that is what a general compressor shrinks well, and what is decoded without a branch a point.
/// </summary>
public static partial class BlockCodec
{
    internal const byte Version = 3, Bits = 7;

    /// <summary>Blocks of this version know no divisor, and are read as they are.</summary>
    internal const byte OldestVersion = 2;

    internal const int Divided = 4;
    internal const int MaxDecimals = 6, Planes = 8;
    internal static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
}
