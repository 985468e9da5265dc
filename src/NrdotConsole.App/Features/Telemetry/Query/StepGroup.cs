using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>What one group has gathered in each step. An array stands only when the aggregation writes to it.</summary>
internal sealed class StepGroup(Labels labels, int steps)
{
    double[]? _value, _weight;
    long[]? _time;
    bool[]? _has;

    public Labels Labels { get; } = labels;
    public double[] Value => _value ??= new double[steps];
    public double[] Weight => _weight ??= new double[steps];
    public bool[] Has => _has ??= new bool[steps];

    /// <summary>Time of the newest point of the step, for the last value.</summary>
    public long[] Time => _time ??= new long[steps];

    /// <summary>Samples for a percentile: step and value.</summary>
    public readonly List<(int Step, double Value)> Samples = [];

    /// <summary>Counts for a histogram's percentile, by (lower, upper); an explicit bucket's lower bound is NaN until all are known.</summary>
    public readonly Dictionary<(double Lower, double Upper), double[]> Buckets = [];

    public double[] Bucket(double lower, double upper)
    {
        if (!Buckets.TryGetValue((lower, upper), out var counts)) Buckets[(lower, upper)] = counts = new double[steps];
        return counts;
    }
}
