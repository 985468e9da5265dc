using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>Decides which series a query wants, to which group each belongs, and hands their points on.</summary>
internal sealed class SeriesScan
{
    /// <summary>Most points of a raw answer.</summary>
    public const int MaxRawPoints = 2_000_000;

    readonly MetricQuery _query;
    readonly LabelSelector _selector;
    readonly StepFold? _fold;
    readonly bool _composite;
    readonly long _fromMs, _toMs;
    readonly HashSet<Labels> _omitted = [];
    readonly List<QueriedSeries> _series = [];
    readonly Dictionary<(MetricDescriptor, TelemetryKey), QueriedSeries?> _admitted = [];
    readonly Dictionary<Labels, int> _groups = [];
    readonly List<(Labels Labels, List<QueryPoint> Points)> _raw = [];
    readonly StepTimes _own;
    long _rawPoints;

    /// <summary>A series by what it is, whether it is read from memory or from the database.</summary>
    readonly record struct TelemetryKey(string Tenant, Labels Resource, Labels Attributes);

    public SeriesScan(MetricQuery query, LabelSelector selector, MetricKind? kind)
    {
        _query = query;
        _selector = selector;
        _fromMs = query.From.ToUnixTimeMilliseconds();
        _toMs = query.To.ToUnixTimeMilliseconds();
        _composite = query.Step is not null && query.Aggregation != Aggregation.Last && kind >= MetricKind.Histogram
            && !query.Filters.Any(f => IsPartLabel(f.Key));
        if (query.Step is { } step) _fold = new(query.Aggregation, _composite, _fromMs, _toMs, (long)step.TotalMilliseconds, LookbackMs);
        _own = NewTimes();
    }

    /// <summary>Points before the window that a rate needs for its first step.</summary>
    public long LookbackMs => _query.Step is { } step && (_composite || _query.Aggregation == Aggregation.Rate)
        ? Math.Clamp((long)step.TotalMilliseconds, 300_000, 3_600_000) : 0;

    public bool IsFull => _fold?.IsFull ?? _rawPoints > MaxRawPoints;

    static bool IsPartLabel(string key) => key is PartKey.Part or PartKey.UpperBound or PartKey.LowerBound or PartKey.Quantile;

    public QueriedSeries? Admit(in HeadItem item) => Admit(item.Metric, item.Resource.Host.Tenant, item.Resource.Labels, item.Attributes);

    /// <summary>The series, or null when the query does not want it.</summary>
    public QueriedSeries? Admit(MetricDescriptor metric, string tenant, Labels resource, Labels attributes)
    {
        var key = (metric, new TelemetryKey(tenant, resource, attributes));
        if (_admitted.TryGetValue(key, out var known)) return known;
        var series = Match(metric, tenant, resource, attributes);
        _admitted[key] = series;
        if (series is not null) _series.Add(series);
        return series;
    }

    QueriedSeries? Match(MetricDescriptor metric, string tenant, Labels resource, Labels attributes)
    {
        if (!SeriesLabels.MayRead(_query.Tenants, tenant, metric.Name, attributes)) return null;
        var part = attributes.Get(PartKey.Part);
        if (_composite && !IsWanted(metric.Kind, part, attributes)) return null;
        var labels = SeriesLabels.Merge(resource, attributes, tenant);
        if (!_selector.Matches(labels)) return null;
        var group = GroupOf(labels, tenant);
        if (group < 0) return null;
        var rule = !IsFlow(metric, part) ? FoldRule.Level : metric.Temporality == Temporality.Delta ? FoldRule.Delta : FoldRule.Cumulative;
        return new(group, labels, rule, part);
    }

    static bool IsFlow(MetricDescriptor metric, string part) => metric.Kind switch
    {
        MetricKind.Gauge => false,
        MetricKind.Sum => metric.Temporality == Temporality.Delta || metric.IsMonotonic,
        _ => part is not ("min" or "max" or "quantile"),
    };

    bool IsWanted(MetricKind kind, string part, Labels attributes) => _query.Aggregation switch
    {
        Aggregation.Count or Aggregation.Rate => part == "count",
        Aggregation.Sum => part == "sum",
        Aggregation.Avg => part is "sum" or "count",
        Aggregation.Min => part == "min",
        Aggregation.Max => part == "max",
        _ when kind == MetricKind.Summary => part == "quantile" && PartKey.Parse(attributes.Get(PartKey.Quantile)) == Wanted,
        _ => part is "bucket" or "zero_count",
    };

    double Wanted => _query.Aggregation switch { Aggregation.P50 => 0.5, Aggregation.P95 => 0.95, _ => 0.99 };

    int GroupOf(Labels labels, string tenant)
    {
        var key = _fold is null || _query.GroupBy is null ? labels : Labels.From(_query.GroupBy.Select(k => new KeyValuePair<string, string>(k, Grouped(labels, k, tenant))));
        if (_composite) key = Labels.From(key.Where(p => !IsPartLabel(p.Key)));
        else if (_fold is not null && _query.GroupBy is not null && labels.ContainsKey(PartKey.Part)) key = Labels.From(key.Concat(labels.Where(p => IsPartLabel(p.Key))));
        if (_groups.TryGetValue(key, out var group)) return group;
        if (_groups.Count >= _query.SeriesLimit)
        {
            _omitted.Add(key);
            return -1;
        }
        if (_fold is null)
        {
            group = _raw.Count;
            _raw.Add((key, []));
        }
        else
        {
            group = _fold.AddGroup(key);
        }
        _groups[key] = group;
        return group;
    }

    static string Grouped(Labels labels, string key, string tenant) => key == SeriesLabels.Tenant ? tenant : labels.Get(key);

    /// <summary>For <see cref="Add(QueriedSeries, ReadOnlySpan{long}, ReadOnlySpan{double}, StepTimes, bool)"/>, one for each run of times.</summary>
    public StepTimes NewTimes() => _fold?.NewTimes() ?? new(_fromMs, _toMs, long.MaxValue / 4);

    /// <summary>Points of one series, ascending, later than those given before; a gathered series takes them in any order.</summary>
    public void Add(QueriedSeries series, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        if (series.Gathered is null) _own.Set(times);
        Add(series, times, values, _own, false);
    }

    /// <param name="steps">Of <paramref name="times"/>.</param>
    /// <param name="areNumbers">No value is a mark for "not recorded".</param>
    public void Add(QueriedSeries series, ReadOnlySpan<long> times, ReadOnlySpan<double> values, StepTimes steps, bool areNumbers)
    {
        if (series.Gathered is { } gathered)
        {
            for (var i = 0; i < times.Length; i++) gathered.Add(new(times[i], values[i]));
            return;
        }
        times = times[steps.Begin..steps.End];
        values = values[steps.Begin..steps.End];
        if (_fold is not null)
        {
            _fold.Add(series, times, values, steps, areNumbers);
            return;
        }
        var raw = _raw[series.Group].Points;
        for (var i = steps.Before; i < times.Length; i++) raw.Add(StaleMark.Is(values[i]) ? new(times[i], double.NaN, false) : new(times[i], values[i]));
        _rawPoints += times.Length - steps.Before;
    }

    /// <summary>Whether the query looks at that column of a roll-up's cells; the mean may be asked for in every query.</summary>
    public bool Reads(int column) => column is RollUpCell.Sum or RollUpCell.Count || _composite || _query.Aggregation switch
    {
        Aggregation.Min => column == RollUpCell.Min,
        Aggregation.Max => column == RollUpCell.Max,
        Aggregation.Sum or Aggregation.Last => column == RollUpCell.Last,
        Aggregation.Rate => column is RollUpCell.Increase or RollUpCell.Last,
        _ => false,
    };

    /// <summary>Cells of a roll-up. A raw answer shows each cell's mean at its start.</summary>
    /// <param name="steps">Of <paramref name="times"/>, where the cells begin.</param>
    public void AddCells(QueriedSeries series, ReadOnlySpan<long> times, long widthMs, double[][] columns, StepTimes steps)
    {
        if (series.Gathered is null && _fold?.TryAddMeans(series, columns, steps) == true) return;
        for (var i = steps.Begin; i < steps.End; i++)
        {
            var mean = columns[RollUpCell.Sum][i] / columns[RollUpCell.Count][i];
            if (series.Gathered is { } gathered) gathered.Add(new(times[i], mean));
            else if (_fold is not null) _fold.AddCell(series, times[i], widthMs, columns, i, mean);
            else Add(series, [times[i]], [mean]);
        }
    }

    public QueryResult Finish(string unit, MetricKind? kind)
    {
        foreach (var series in _series)
            if (series.Gathered is not null) AddGathered(series);
        var answered = _fold is null
            ? _raw.ConvertAll(r => new QuerySeries(r.Labels, r.Points))
            : _fold.Finish(_series);
        answered.RemoveAll(s => s.Points.Count == 0);
        return new(_query.Metric, unit, kind, answered, _omitted.Count, _query.Step);
    }

    /// <summary>Of points of one time the first that came stands.</summary>
    void AddGathered(QueriedSeries series)
    {
        var ordered = series.Gathered!.Select((p, i) => (Point: p, i)).OrderBy(p => p.Point.UnixMs).ThenBy(p => p.i).DistinctBy(p => p.Point.UnixMs).ToArray();
        series.Gathered = null;
        Add(series, Array.ConvertAll(ordered, p => p.Point.UnixMs), Array.ConvertAll(ordered, p => p.Point.Value));
    }
}
