using System.Numerics;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>
/// Folds points into one value a group and step.
/// <list type="bullet">
/// <item><c>last</c>: the newest point of the group.</item>
/// <item><c>avg</c>: of all points of the group. <c>min</c>, <c>max</c>, <c>count</c>: over all its points.</item>
/// <item><c>sum</c>: each series' last value in the step, summed over the series; of delta sums all points. So it does not grow with the step.</item>
/// <item><c>rate</c>: a second, summed over the series; each one's is <see cref="SeriesRate"/>'s.</item>
/// <item><c>p50, p95, p99</c>: of all points of the group.</item>
/// <item>Histograms: <c>count, sum, avg, rate, p*</c> of the observations made in the step, from the parts; <c>min, max</c> of what the sender said.</item>
/// </list>
/// A step without a point has no value. Points that recorded none count nowhere but in <c>last</c>.
/// </summary>
/// <param name="lookbackMs">Points further apart are not joined to a rate.</param>
internal sealed class StepFold(Aggregation aggregation, bool composite, long fromMs, long toMs, long stepMs, long lookbackMs)
{
    public const int MaxSamples = 5_000_000;

    readonly int _steps = (int)((toMs - fromMs) / stepMs) + 1;
    readonly List<StepGroup> _groups = [];
    int _samples;

    public bool IsFull => _samples > MaxSamples;

    public int AddGroup(Labels labels)
    {
        _groups.Add(new(labels, _steps));
        return _groups.Count - 1;
    }

    public StepTimes NewTimes() => new(fromMs, toMs, stepMs);

    /// <summary>Points of one series, ascending, later than those it was given before.</summary>
    /// <param name="areNumbers">No value is a mark for "not recorded".</param>
    public void Add(QueriedSeries series, ReadOnlySpan<long> times, ReadOnlySpan<double> values, StepTimes steps, bool areNumbers)
    {
        var group = _groups[series.Group];
        if (aggregation == Aggregation.Rate) RateOf(series).Add(times, values);
        else if (composite) AddPart(series, group, times, values, steps, areNumbers);
        else if (aggregation == Aggregation.Sum && series.Rule != FoldRule.Delta) AddLastOfStep(series, group, values, steps, areNumbers);
        else AddPoints(group, times, values, steps, areNumbers);
    }

    SeriesRate RateOf(QueriedSeries series) => series.Rate ??= new(_groups[series.Group], series.Rule, fromMs, toMs, stepMs, lookbackMs);

    void AddPart(QueriedSeries series, StepGroup group, ReadOnlySpan<long> times, ReadOnlySpan<double> values, StepTimes steps, bool areNumbers)
    {
        if (series.Part is "min" or "max" or "quantile") AddPoints(group, times, values, steps, areNumbers);
        else if (series.Part == "count" && aggregation == Aggregation.Avg) AddIncreases(series, group.Weight, group.Has, values, steps);
        else if (series.Part == "bucket") AddIncreases(series, group.Bucket(Lower(series), PartKey.Parse(series.Labels.Get(PartKey.UpperBound))), group.Has, values, steps);
        else if (series.Part == "zero_count") AddIncreases(series, group.Bucket(0, 0), group.Has, values, steps);
        else AddIncreases(series, group.Value, group.Has, values, steps);
    }

    static double Lower(QueriedSeries series) =>
        series.Labels.TryGetValue(PartKey.LowerBound, out var lower) ? PartKey.Parse(lower) : double.NaN;

    void AddPoints(StepGroup group, ReadOnlySpan<long> times, ReadOnlySpan<double> values, StepTimes steps, bool areNumbers)
    {
        switch (aggregation)
        {
            case Aggregation.Avg:
                Each<Total>(group.Value, group.Has, values, steps, areNumbers);
                Each<Number>(group.Weight, group.Has, values, steps, areNumbers);
                break;
            case Aggregation.Sum:
                Each<Total>(group.Value, group.Has, values, steps, areNumbers);
                break;
            case Aggregation.Count:
                Each<Number>(group.Value, group.Has, values, steps, areNumbers);
                break;
            case Aggregation.Min:
                Each<Smallest>(group.Value, group.Has, values, steps, areNumbers);
                break;
            case Aggregation.Max:
                Each<Largest>(group.Value, group.Has, values, steps, areNumbers);
                break;
            default:
                for (var i = steps.Before; i < steps.Steps.Length; i++) AddPoint(group, steps.Steps[i], times[i], values[i]);
                break;
        }
    }

    static void Each<TRule>(double[] into, bool[] has, ReadOnlySpan<double> values, StepTimes times, bool areNumbers) where TRule : struct, IStepRule
    {
        var steps = times.Steps[times.Before..];
        values = values[times.Before..];
        for (var i = 0; i < steps.Length && i < values.Length; i++)
        {
            if (!areNumbers && StaleMark.Is(values[i])) continue;
            var step = steps[i];
            into[step] = TRule.Next(into[step], !has[step], values[i]);
            has[step] = true;
        }
    }

    void AddPoint(StepGroup group, int step, long time, double value)
    {
        if (StaleMark.Is(value) && aggregation != Aggregation.Last) return;
        var first = !group.Has[step];
        group.Has[step] = true;
        switch (aggregation)
        {
            case Aggregation.Last when !first && time < group.Time[step]:
                break;
            case Aggregation.Last:
                group.Time[step] = time;
                group.Value[step] = value;
                break;
            case Aggregation.Sum:
                group.Value[step] += value;
                break;
            case Aggregation.Min:
                group.Value[step] = Smallest.Next(group.Value[step], first, value);
                break;
            case Aggregation.Max:
                group.Value[step] = Largest.Next(group.Value[step], first, value);
                break;
            default:
                group.Samples.Add((step, value));
                _samples++;
                break;
        }
    }

    static void AddLastOfStep(QueriedSeries series, StepGroup group, ReadOnlySpan<double> values, StepTimes times, bool areNumbers)
    {
        var steps = times.Steps[times.Before..];
        if (steps.IsEmpty) return;
        values = values[times.Before..];
        if (areNumbers && times.IsDense)
        {
            if (series.OpenStep != steps[0]) CloseOpen(series, group);
            var count = steps.Length - 1;
            Add(values[..count], group.Value.AsSpan(steps[0], count));
            group.Has.AsSpan(steps[0], count).Fill(true);
            (series.OpenStep, series.OpenValue, series.OpenRecorded) = (steps[count], values[count], true);
            return;
        }
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i] != series.OpenStep)
            {
                CloseOpen(series, group);
                (series.OpenStep, series.OpenRecorded) = (steps[i], false);
            }
            if (!areNumbers && StaleMark.Is(values[i])) continue;
            (series.OpenValue, series.OpenRecorded) = (values[i], true);
        }
    }

    static void Add(ReadOnlySpan<double> values, Span<double> to)
    {
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count) (new Vector<double>(to[i..]) + new Vector<double>(values[i..])).CopyTo(to[i..]);
        for (; i < values.Length; i++) to[i] += values[i];
    }

    static void CloseOpen(QueriedSeries series, StepGroup group)
    {
        if (series is not { OpenStep: >= 0, OpenRecorded: true }) return;
        group.Value[series.OpenStep] += series.OpenValue;
        group.Has[series.OpenStep] = true;
    }

    /// <summary>A cumulative series' first point counts with all that happened before it.</summary>
    static void AddIncreases(QueriedSeries series, double[] into, bool[] has, ReadOnlySpan<double> values, StepTimes times)
    {
        var steps = times.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var value = values[i];
            if (StaleMark.Is(value)) continue;
            var increase = series.Rule switch
            {
                FoldRule.Delta => value,
                _ when !series.HasPrevious => value,
                FoldRule.Cumulative when value < series.PreviousValue => value,
                _ => value - series.PreviousValue,
            };
            (series.HasPrevious, series.PreviousValue) = (true, value);
            if (steps[i] < 0 || double.IsNaN(increase)) continue;
            into[steps[i]] += increase;
            has[steps[i]] = true;
        }
    }

    /// <summary>What most charts ask for, without a look at each cell. False where the cells must come one by one.</summary>
    public bool TryAddMeans(QueriedSeries series, double[][] columns, StepTimes steps)
    {
        if (composite || aggregation != Aggregation.Avg) return false;
        var group = _groups[series.Group];
        Each<Total>(group.Value, group.Has, columns[RollUpCell.Sum].AsSpan(steps.Begin), steps, true);
        Each<Total>(group.Weight, group.Has, columns[RollUpCell.Count].AsSpan(steps.Begin), steps, true);
        return true;
    }

    /// <summary>A minute or an hour of a roll-up. Percentiles take its mean for a sample.</summary>
    public void AddCell(QueriedSeries series, long time, long widthMs, double[][] columns, int i, double mean)
    {
        if (aggregation == Aggregation.Rate)
        {
            RateOf(series).AddCell(time, widthMs, columns[RollUpCell.Count][i], columns[RollUpCell.Increase][i]);
            return;
        }
        var group = _groups[series.Group];
        var last = columns[RollUpCell.Last][i];
        (series.HasPrevious, series.PreviousValue) = (true, last);
        if (time < fromMs || time > toMs) return;
        var step = (int)((time - fromMs) / stepMs);
        if (composite && series.Part is not ("min" or "max" or "quantile"))
        {
            var into = series.Part switch
            {
                "count" when aggregation == Aggregation.Avg => group.Weight,
                "bucket" when composite => group.Bucket(Lower(series), PartKey.Parse(series.Labels.Get(PartKey.UpperBound))),
                "zero_count" when composite => group.Bucket(0, 0),
                _ => group.Value,
            };
            into[step] += columns[RollUpCell.Increase][i];
            group.Has[step] = true;
            return;
        }
        switch (aggregation)
        {
            case Aggregation.Avg:
                group.Value[step] += columns[RollUpCell.Sum][i];
                group.Weight[step] += columns[RollUpCell.Count][i];
                group.Has[step] = true;
                break;
            case Aggregation.Count:
                group.Value[step] += columns[RollUpCell.Count][i];
                group.Has[step] = true;
                break;
            case Aggregation.Sum when series.Rule == FoldRule.Delta:
                AddPoint(group, step, time, columns[RollUpCell.Sum][i]);
                break;
            case Aggregation.Sum:
                if (step != series.OpenStep) CloseOpen(series, group);
                (series.OpenStep, series.OpenValue, series.OpenRecorded) = (step, last, true);
                break;
            case Aggregation.Last:
                AddPoint(group, step, time, last);
                break;
            default:
                AddPoint(group, step, time, aggregation == Aggregation.Min ? columns[RollUpCell.Min][i] : aggregation == Aggregation.Max ? columns[RollUpCell.Max][i] : mean);
                break;
        }
    }

    public List<QuerySeries> Finish(IEnumerable<QueriedSeries> series)
    {
        if (aggregation == Aggregation.Rate)
            foreach (var open in series) open.Rate?.Finish();
        if (aggregation == Aggregation.Sum && !composite)
            foreach (var open in series) CloseOpen(open, _groups[open.Group]);
        return [.. _groups.Select(g => new QuerySeries(g.Labels, Points(g)))];
    }

    List<QueryPoint> Points(StepGroup group)
    {
        var points = new List<QueryPoint>();
        var percentiles = aggregation < Aggregation.P50 ? null : group.Buckets.Count > 0 ? OfBuckets(group) : OfSamples(group);
        for (var step = 0; step < _steps; step++)
        {
            if (!group.Has[step]) continue;
            var value = percentiles?[step] ?? aggregation switch
            {
                Aggregation.Avg => group.Value[step] / group.Weight[step],
                _ => group.Value[step],
            };
            points.Add(StaleMark.Is(value) ? new(fromMs + step * stepMs, double.NaN, false) : new(fromMs + step * stepMs, value));
        }
        return points;
    }

    double Q => aggregation switch { Aggregation.P50 => 0.5, Aggregation.P95 => 0.95, _ => 0.99 };

    double[] OfSamples(StepGroup group)
    {
        group.Samples.Sort();
        var values = group.Samples.ConvertAll(s => s.Value).ToArray();
        var percentiles = new double[_steps];
        for (int from = 0, to; from < values.Length; from = to)
        {
            var step = group.Samples[from].Step;
            for (to = from + 1; to < values.Length && group.Samples[to].Step == step;) to++;
            percentiles[step] = Quantile.OfSorted(values.AsSpan(from, to - from), Q);
        }
        return percentiles;
    }

    double[] OfBuckets(StepGroup group)
    {
        var ordered = group.Buckets.OrderBy(b => b.Key.Upper).ThenBy(b => b.Key.Lower).ToArray();
        var percentiles = new double[_steps];
        var buckets = new Quantile.Bucket[ordered.Length];
        for (var step = 0; step < _steps; step++)
        {
            var explicitLower = double.NegativeInfinity;
            for (var i = 0; i < ordered.Length; i++)
            {
                var (lower, upper) = ordered[i].Key;
                if (double.IsNaN(lower)) (lower, explicitLower) = (explicitLower, upper);
                buckets[i] = new(lower, upper, ordered[i].Value[step]);
            }
            percentiles[step] = Quantile.OfBuckets(buckets, Q);
        }
        return percentiles;
    }
}
