using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>
/// Folds points into one value a group and step.
/// <list type="bullet">
/// <item><c>last</c>: the newest point of the group.</item>
/// <item><c>avg</c>: of all points of the group. <c>min</c>, <c>max</c>, <c>count</c>: over all its points.</item>
/// <item><c>sum</c>: each series' last value in the step, summed over the series; of delta sums all points. So it does not grow with the step.</item>
/// <item><c>rate</c>: what happened in the step by its seconds, summed over the series. A cumulative sum that falls began again at zero.</item>
/// <item><c>p50, p95, p99</c>: of all points of the group.</item>
/// <item>Histograms: <c>count, sum, avg, rate, p*</c> of the observations made in the step, from the parts; <c>min, max</c> of what the sender said.</item>
/// </list>
/// A step without a point has no value. Points that recorded none count nowhere but in <c>last</c>.
/// </summary>
internal sealed class StepFold(Aggregation aggregation, bool composite, long fromMs, long toMs, long stepMs)
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

    /// <summary>Points of one series, ascending, later than those it was given before.</summary>
    public void Add(QueriedSeries series, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var group = _groups[series.Group];
        if (composite) AddPart(series, group, times, values);
        else if (aggregation == Aggregation.Rate) AddIncreases(series, group.Value, group.Has, times, values, false);
        else if (aggregation == Aggregation.Sum && series.Rule != FoldRule.Delta) AddLastOfStep(series, group, times, values);
        else AddPoints(group, times, values);
    }

    void AddPart(QueriedSeries series, StepGroup group, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        if (series.Part is "min" or "max" or "quantile") AddPoints(group, times, values);
        else if (series.Part == "count" && aggregation == Aggregation.Avg) AddIncreases(series, group.Weight, group.Has, times, values, true);
        else if (series.Part == "bucket") AddIncreases(series, group.Bucket(Lower(series), PartKey.Parse(series.Labels.Get(PartKey.UpperBound))), group.Has, times, values, true);
        else if (series.Part == "zero_count") AddIncreases(series, group.Bucket(0, 0), group.Has, times, values, true);
        else AddIncreases(series, group.Value, group.Has, times, values, aggregation != Aggregation.Rate);
    }

    static double Lower(QueriedSeries series) =>
        series.Labels.TryGetValue(PartKey.LowerBound, out var lower) ? PartKey.Parse(lower) : double.NaN;

    void AddPoints(StepGroup group, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var time = times[i];
            if (time < fromMs || time > toMs) continue;
            var step = (int)((time - fromMs) / stepMs);
            var value = values[i];
            if (StaleMark.Is(value) && aggregation != Aggregation.Last) continue;
            var first = !group.Has[step];
            group.Has[step] = true;
            switch (aggregation)
            {
                case Aggregation.Last:
                    if (!first && time < group.Time[step]) break;
                    group.Time[step] = time;
                    group.Value[step] = value;
                    break;
                case Aggregation.Avg:
                    group.Value[step] += value;
                    group.Weight[step]++;
                    break;
                case Aggregation.Sum:
                    group.Value[step] += value;
                    break;
                case Aggregation.Min:
                    group.Value[step] = first ? value : Math.Min(group.Value[step], value);
                    break;
                case Aggregation.Max:
                    group.Value[step] = first ? value : Math.Max(group.Value[step], value);
                    break;
                case Aggregation.Count:
                    group.Value[step]++;
                    break;
                default:
                    group.Samples.Add((step, value));
                    _samples++;
                    break;
            }
        }
    }

    void AddLastOfStep(QueriedSeries series, StepGroup group, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var (step, open, recorded) = (series.OpenStep, series.OpenValue, series.OpenRecorded);
        var end = step < 0 ? fromMs : fromMs + (step + 1L) * stepMs;
        for (var i = 0; i < times.Length; i++)
        {
            var time = times[i];
            if (time < fromMs) continue;
            if (time > toMs) break;
            if (time >= end)
            {
                if (step >= 0 && recorded) Close(group, step, open);
                step = (int)((time - fromMs) / stepMs);
                end = fromMs + (step + 1L) * stepMs;
                recorded = false;
            }
            if (StaleMark.Is(values[i])) continue;
            open = values[i];
            recorded = true;
        }
        (series.OpenStep, series.OpenValue, series.OpenRecorded) = (step, open, recorded);
    }

    static void Close(StepGroup group, int step, double value)
    {
        group.Value[step] += value;
        group.Has[step] = true;
    }

    /// <param name="wholeFirst">A cumulative series' first point counts with all that happened before it.</param>
    void AddIncreases(QueriedSeries series, double[] into, bool[] has, ReadOnlySpan<long> times, ReadOnlySpan<double> values, bool wholeFirst)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var (time, value) = (times[i], values[i]);
            if (StaleMark.Is(value)) continue;
            var increase = series.Rule switch
            {
                FoldRule.Delta => value,
                _ when series.PreviousMs == long.MinValue => wholeFirst ? value : double.NaN,
                FoldRule.Cumulative when value < series.PreviousValue => value,
                _ => value - series.PreviousValue,
            };
            (series.PreviousMs, series.PreviousValue) = (time, value);
            if (time < fromMs || time > toMs || double.IsNaN(increase)) continue;
            var step = (int)((time - fromMs) / stepMs);
            into[step] += increase;
            has[step] = true;
        }
    }

    /// <summary>A minute or an hour of a roll-up. Percentiles take its mean for a sample.</summary>
    public void AddCell(QueriedSeries series, long time, double[][] columns, int i, double mean, long cellMs)
    {
        var group = _groups[series.Group];
        var last = columns[RollUpCell.Last][i];
        (series.PreviousMs, series.PreviousValue) = (time + cellMs - 1, last);
        if (time < fromMs || time > toMs) return;
        var step = (int)((time - fromMs) / stepMs);
        var flows = composite && series.Part is not ("min" or "max" or "quantile");
        if (flows || aggregation == Aggregation.Rate)
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
                AddPoints(group, [time], [columns[RollUpCell.Sum][i]]);
                break;
            case Aggregation.Sum:
                AddLastOfStep(series, group, [time], [last]);
                break;
            case Aggregation.Last:
                AddPoints(group, [time], [last]);
                break;
            default:
                AddPoints(group, [time], [aggregation == Aggregation.Min ? columns[RollUpCell.Min][i] : aggregation == Aggregation.Max ? columns[RollUpCell.Max][i] : mean]);
                break;
        }
    }

    public List<QuerySeries> Finish(IEnumerable<QueriedSeries> series)
    {
        if (aggregation == Aggregation.Sum && !composite)
            foreach (var open in series)
                if (open is { OpenStep: >= 0, OpenRecorded: true }) Close(_groups[open.Group], open.OpenStep, open.OpenValue);
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
                Aggregation.Rate => group.Value[step] * 1000 / stepMs,
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
