namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// Many series of one metric over a window: the form that is fast to read and small to keep. Exact for every bit pattern.
/// <code>
/// version (1 byte) | series | time columns | bytes of the head | bytes of plane 0 .. 7      varints
/// head, varints:
///   a time column   points, first time (folded difference to the first time of the column before), first step, changes of the step
///   a series        resource, attributes, time column (folded differences to the series before),
///                   form (1 byte), width (1 byte), then as the form says
/// planes            plane k: byte k of the residuals of every series whose width is above k, series by series
///
/// form 0..6    value x 10^form = base + residual                            base (folded)
/// form 8..14   value x 10^(form - 8): the first, then + step + residual      first, step (folded)
/// form 16..22  value x 10^(form - 16): as before, of the differences         first, first difference, step (folded)
/// form 24      one bit pattern for all points                                8 bytes
/// form 25      residual = bit pattern xor the one before                     width 8
/// </code>
/// Series of one host are sent together, so most share a time column. Residuals are not negative and bytes of one weight lie together:
/// that is what a general compressor shrinks well, and what is decoded without a branch a point.
/// </summary>
public static partial class BlockCodec
{
    internal const byte Version = 2, Levels = 0, Differences = 8, SecondDifferences = 16, Constant = 24, Raw = 25;
    internal const int MaxDecimals = 6, Planes = 8;
    internal static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
}
