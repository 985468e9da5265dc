using System.Runtime.CompilerServices;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// One request on its way in: resolves every point to a series and stages it; nothing is applied before the log holds the request.
/// One object, reused under the store's lock. Senders repeat the same series in the same order, so each series names the one that
/// followed it last time: comparing bytes with that one replaces hashing.
/// </summary>
internal sealed class IngestBatch(SeriesIndex index, StoreSettings settings) : IPointSink
{
    public readonly List<Run<ResourceEntry>> Resources = [];
    public readonly List<Run<MetricEntry>> Metrics = [];
    public readonly List<int> Created = [];
    public readonly long[] Refused = new long[Enum.GetValues<RefusalReason>().Length];

    /// <summary>Series that came one after the other lie one after the other.</summary>
    const int PrefetchAhead = 8;

    readonly SeriesTable _series = index.Series;
    StagedPoint[] _points = new StagedPoint[16_384];
    byte[] _key = new byte[1024];
    int _keyLength, _partsFrom;
    RefusalReason? _partRefusal;

    string? _tenant;
    ResourceEntry? _resource;
    MetricEntry? _metric;
    ResourceEntry? _lastResource;
    UInt128 _tenantHash;
    int _resourceId, _scope, _metricId, _expected, _previous;
    long _latest;
    bool _takesPoints;
    RefusalReason? _resourceRefusal, _scopeRefusal, _metricRefusal, _refusal;

    /// <summary>Staged points.</summary>
    public int Count { get; private set; }
    public ReadOnlySpan<StagedPoint> Points => _points.AsSpan(0, Count);
    public long ReceivedMs { get; private set; }

    /// <summary>The sender's points: a histogram counts once, whatever its parts.</summary>
    public long Accepted { get; private set; }

    public long RefusedTotal { get; private set; }
    public long Untimed { get; private set; }

    /// <summary>Replaying the log: what was once accepted is accepted again. A resource whose points the database already holds is passed over.</summary>
    public long? ReplayedSequence { get; private set; }

    public void Begin(string? tenant, long receivedMs, long? replayedSequence)
    {
        if (_tenant != tenant) _tenantHash = index.Resources.HashOfTenant(tenant);
        _tenant = tenant;
        _latest = receivedMs + (long)settings.MaxFuture.TotalMilliseconds;
        ReceivedMs = receivedMs;
        ReplayedSequence = replayedSequence;
        Count = 0;
        Accepted = RefusedTotal = Untimed = 0;
        Array.Clear(Refused);
        Resources.Clear();
        Metrics.Clear();
        Created.Clear();
        _resource = _lastResource = null;
        _metric = null;
        _scope = 0;
        _takesPoints = false;
    }

    public bool TryResource(ReadOnlySpan<byte> resource, int encodedBytes)
    {
        if (index.Resources.Find(resource, _tenantHash, _lastResource?.Next) is not { } known) return false;
        Begin(known, null, encodedBytes);
        return true;
    }

    public void Resource(ReadOnlySpan<byte> attributes, int encodedBytes)
    {
        var refusal = index.Resources.Resolve(attributes, _tenant, _tenantHash, ReceivedMs, out var resource);
        Begin(resource, refusal, encodedBytes);
    }

    void Begin(ResourceEntry? resource, RefusalReason? refusal, int encodedBytes)
    {
        _scopeRefusal = _metricRefusal = null;
        _previous = _expected = 0;
        _resourceRefusal = refusal;
        _resource = resource;
        if (resource is null) return;
        if (_lastResource is not null && _lastResource.Next != resource) _lastResource.Next = resource;
        _lastResource = resource;
        if (resource.Next is { } next) Soon.Needed(ref next.LastHash);
        if (ReplayedSequence is { } sequence && sequence <= index.SealedSequence[resource.Host.Bucket])
        {
            _resource = null;
            return;
        }
        _resourceId = resource.Id;
        _expected = resource.Expected;
        Resources.Add(new(resource, encodedBytes, Count));
    }

    public void Scope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes) =>
        _scopeRefusal = index.Scopes.Resolve(name, version, attributes, out _scope);

    public void Metric(in MetricHeader metric)
    {
        _metricRefusal = null;
        _takesPoints = false;
        _refusal = _resourceRefusal ?? _scopeRefusal;
        if (_resource is null || _refusal is not null) return;
        var expected = _expected == 0 ? -1 : index.Series[_expected].Metric;
        if (expected >= 0 && index.Metrics[expected].Is(metric)) _metricId = expected;
        else if (metric.Name.IsEmpty) _metricRefusal = RefusalReason.NameMissing;
        else if ((_metricId = index.Metrics.Resolve(metric)) < 0) _metricRefusal = RefusalReason.SeriesLimit;
        _refusal = _metricRefusal;
        if (_refusal is not null) return;
        _takesPoints = true;
        _metric = index.Metrics[_metricId];
        Metrics.Add(new(_metric, metric.EncodedBytes, Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNumber(ReadOnlySpan<byte> attributes, in PointHeader point, double value)
    {
        var series = _expected;
        var time = (long)(point.UnixNano / 1_000_000);
        if (!_takesPoints || series == 0 || time == 0 || time > _latest) return false;
        ref var s = ref _series[series];
        Soon.Needed(ref Unsafe.Add(ref s, PrefetchAhead));
        if (!IsExpected(ref s, attributes, 0)) return false;
        if (_previous == 0) _resource!.Expected = series;
        _previous = series;
        _expected = s.Next;
        Stage(series, time, double.IsNaN(value) ? double.NaN : value);
        Accepted++;
        return true;
    }

    public void Number(ReadOnlySpan<byte> attributes, in PointHeader point, double value)
    {
        if (!TryBegin(point, out var time)) return;
        if (double.IsNaN(value)) value = double.NaN;
        if (point.NoRecordedValue) value = StaleMark.Value;
        var series = Resolve(attributes, 0);
        if (series < 0)
        {
            Refuse((RefusalReason)~series);
            return;
        }
        Stage(series, time, value);
        Accepted++;
    }

    public void Histogram(ReadOnlySpan<byte> attributes, in PointHeader point, in HistogramPoint value)
    {
        if (!TryBegin(point, out var time)) return;
        var bounds = value.Bounds;
        if (!IsConsistent(bounds, value.BucketCounts.Length))
        {
            Refuse(RefusalReason.HistogramInvalid);
            return;
        }
        BeginParts(attributes, value.Count, point, time);
        AddPart(SeriesPart.Sum, value.Sum, point, time);
        AddPart(SeriesPart.Min, value.Min, point, time);
        AddPart(SeriesPart.Max, value.Max, point, time);
        for (var i = 0; i < value.BucketCounts.Length && !point.NoRecordedValue; i++)
            Add(SeriesPart.Bucket, value.BucketCounts[i], time, i < bounds.Length ? bounds[i] : double.PositiveInfinity);
        EndParts();
    }

    static bool IsConsistent(ReadOnlySpan<double> bounds, int buckets)
    {
        if (buckets == 0) return bounds.IsEmpty;
        if (buckets != bounds.Length + 1) return false;
        for (var i = 1; i < bounds.Length; i++)
            if (!(bounds[i] > bounds[i - 1])) return false;
        return bounds.IsEmpty || !double.IsNaN(bounds[0]);
    }

    public void ExponentialHistogram(ReadOnlySpan<byte> attributes, in PointHeader point, in ExponentialHistogramPoint value)
    {
        if (!TryBegin(point, out var time)) return;
        BeginParts(attributes, value.Count, point, time);
        AddPart(SeriesPart.Sum, value.Sum, point, time);
        AddPart(SeriesPart.Min, value.Min, point, time);
        AddPart(SeriesPart.Max, value.Max, point, time);
        if (!point.NoRecordedValue) AddBuckets(value, time);
        EndParts();
    }

    void AddBuckets(in ExponentialHistogramPoint value, long time)
    {
        Add(SeriesPart.ZeroCount, value.ZeroCount, time);
        var positive = new ExponentialBuckets(value.Scale, value.PositiveOffset, value.PositiveCounts);
        var negative = new ExponentialBuckets(value.Scale, value.NegativeOffset, value.NegativeCounts);
        var shift = Math.Max(positive.ShiftToFit(), negative.ShiftToFit());
        foreach (var bucket in negative.Downscaled(shift)) Add(SeriesPart.ExponentialBucket, bucket.Count, time, -bucket.Lower, -bucket.Upper);
        foreach (var bucket in positive.Downscaled(shift)) Add(SeriesPart.ExponentialBucket, bucket.Count, time, bucket.Upper, bucket.Lower);
    }

    public void Summary(ReadOnlySpan<byte> attributes, in PointHeader point, in SummaryPoint value)
    {
        if (!TryBegin(point, out var time)) return;
        BeginParts(attributes, value.Count, point, time);
        AddPart(SeriesPart.Sum, value.Sum, point, time);
        for (var i = 0; i < value.Quantiles.Length && !point.NoRecordedValue; i++)
            Add(SeriesPart.Quantile, value.Values[i], time, value.Quantiles[i]);
        EndParts();
    }

    bool TryBegin(in PointHeader point, out long time)
    {
        time = (long)(point.UnixNano / 1_000_000);
        if (_resource is null && _resourceRefusal is null) return false;
        if (_refusal is { } reason)
        {
            Refuse(reason);
            return false;
        }
        if (point.UnixNano == 0)
        {
            time = ReceivedMs;
            Untimed++;
        }
        if (time <= _latest) return true;
        Refuse(RefusalReason.InFuture);
        return false;
    }

    void Refuse(RefusalReason reason)
    {
        Refused[(int)reason]++;
        RefusedTotal++;
        if (reason is RefusalReason.SeriesLimit or RefusalReason.NewSeriesRate && _resource is { } of) of.Resource.Host.SeriesRefusedUnixMs = ReceivedMs;
    }

    void BeginParts(ReadOnlySpan<byte> attributes, ulong count, in PointHeader point, long time)
    {
        if (_key.Length < attributes.Length + PartKey.MaxBytes) _key = new byte[attributes.Length * 2 + PartKey.MaxBytes];
        attributes.CopyTo(_key);
        _keyLength = attributes.Length;
        _partsFrom = Count;
        _partRefusal = null;
        Add(SeriesPart.Count, point.NoRecordedValue ? StaleMark.Value : count, time);
    }

    /// <summary>All parts, or none.</summary>
    void EndParts()
    {
        if (_partRefusal is not { } reason)
        {
            Accepted++;
            return;
        }
        Count = _partsFrom;
        Refuse(reason);
    }

    void AddPart(SeriesPart part, double value, in PointHeader point, long time)
    {
        if (point.NoRecordedValue) value = StaleMark.Value;
        else if (double.IsNaN(value)) return;
        Add(part, value, time);
    }

    void Add(SeriesPart part, double value, long time, double upper = 0, double lower = 0)
    {
        if (_partRefusal is not null) return;
        var suffix = PartKey.Write(_key.AsSpan(_keyLength), part, upper, lower);
        var series = Resolve(_key.AsSpan(0, _keyLength + suffix), suffix);
        if (series < 0) _partRefusal = (RefusalReason)~series;
        else Stage(series, time, double.IsNaN(value) && !StaleMark.Is(value) ? double.NaN : value);
    }

    /// <summary>The point's series, begun when it is new; else the complement of the reason.</summary>
    int Resolve(ReadOnlySpan<byte> key, int suffix)
    {
        var series = _expected;
        if (series == 0 || !IsExpected(ref index.Series[series], key, suffix))
        {
            series = index.Resolve(key, suffix, _scope, _metric!, _resource!, this);
            if (series < 0) return series;
        }
        if (_previous == 0)
        {
            _resource!.Expected = series;
        }
        else
        {
            ref var previous = ref index.Series[_previous];
            if (previous.Next != series) previous.Next = series;
        }
        _previous = series;
        _expected = index.Series[series].Next;
        return series;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool IsExpected(ref Series s, ReadOnlySpan<byte> key, int suffix) =>
        s.Metric == _metricId && s.Resource == _resourceId && index.Attributes.IsVariant(s.Variant, _scope, key, suffix);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Stage(int series, long time, double value)
    {
        var at = Count;
        if (at == _points.Length) Array.Resize(ref _points, at * 2);
        _points[at] = new(series, time, value);
        Count = at + 1;
    }
}

internal readonly record struct StagedPoint(int Series, long Time, double Value);

/// <summary>A struct, so that the reader is compiled for it: no interface call a point.</summary>
internal readonly struct BatchSink(IngestBatch batch) : IPointSink
{
    public void Resource(ReadOnlySpan<byte> attributes, int encodedBytes) => batch.Resource(attributes, encodedBytes);
    public bool TryResource(ReadOnlySpan<byte> resource, int encodedBytes) => batch.TryResource(resource, encodedBytes);
    public void Scope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes) => batch.Scope(name, version, attributes);
    public void Metric(in MetricHeader metric) => batch.Metric(metric);
    public void Number(ReadOnlySpan<byte> attributes, in PointHeader point, double value) => batch.Number(attributes, point, value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNumber(ReadOnlySpan<byte> attributes, in PointHeader point, double value) => batch.TryNumber(attributes, point, value);
    public void Histogram(ReadOnlySpan<byte> attributes, in PointHeader point, in HistogramPoint value) => batch.Histogram(attributes, point, value);
    public void ExponentialHistogram(ReadOnlySpan<byte> attributes, in PointHeader point, in ExponentialHistogramPoint value) =>
        batch.ExponentialHistogram(attributes, point, value);
    public void Summary(ReadOnlySpan<byte> attributes, in PointHeader point, in SummaryPoint value) => batch.Summary(attributes, point, value);
}

/// <summary>Staged points from <paramref name="From"/> on, up to the next run's, came in one message of <paramref name="Bytes"/>.</summary>
internal readonly record struct Run<T>(T Subject, int Bytes, int From);
