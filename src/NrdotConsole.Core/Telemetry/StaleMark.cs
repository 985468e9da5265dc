namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// The value that stands for OTLP's no-recorded-value: a NaN whose payload no arithmetic yields (the one Prometheus uses for staleness).
/// A sender's own NaN with the same payload would read as not recorded, so it is replaced at ingest by the ordinary NaN.
/// </summary>
public static class StaleMark
{
    const long Bits = 0x7FF0_0000_0000_0002;

    public static readonly double Value = BitConverter.Int64BitsToDouble(Bits);

    public static bool Is(double value) => BitConverter.DoubleToInt64Bits(value) == Bits;
}
