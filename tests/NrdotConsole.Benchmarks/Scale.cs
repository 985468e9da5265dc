namespace NrdotConsole.Benchmarks;

/// <summary>How much is measured: <see cref="Quick"/> shows within seconds that a benchmark runs; its figures mean little.</summary>
internal enum Scale { Quick, Full }

internal static class ScaleChoice
{
    public static int Of(this Scale scale, int full, int quick) => scale == Scale.Full ? full : quick;
}
