using NrdotConsole.Core.Telemetry;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>A series whose points are on their way to the database. All that the sealer needs, so that it reads no index outside the lock.</summary>
internal readonly record struct SealItem(int Series, MetricEntry Metric, ResourceEntry Resource, AttributeSet Attributes, Chunk Points, SortedList<long, double>? Late);

/// <summary>One bucket's points, taken from the heads at one moment of the log.</summary>
internal sealed record SealBatch(int Bucket, long Sequence, long NowMs, List<SealItem> Items, List<HostEntry> Hosts);

/// <summary>Writes a bucket's points as blocks, in one transaction with the moment of the log that they stand for: all of it, or nothing.</summary>
internal sealed class Sealer(TelemetryDatabase database, HeadArena arena) : IDisposable
{
    const long DayMs = 86_400_000;
    const int MaxSeriesPerBlock = 256, MaxPointsPerBlock = 16_384;

    readonly BlockCodec.Writer _writer = new();
    readonly Compressor _compressor = new(1);
    byte[] _bytes = new byte[1024];
    long[] _times = new long[1024];
    double[] _values = new double[1024];

    /// <summary>Answers the number of the last block.</summary>
    public long Write(SealBatch batch)
    {
        if (_writer.Series > 0) _writer.Finish();
        Name(batch);
        using var transaction = database.Begin();
        var items = batch.Items;
        items.Sort(Order);
        long last = 0;
        for (int from = 0, to; from < items.Count; from = to)
        {
            for (to = from; to < items.Count && items[to].Metric == items[from].Metric;) to++;
            last = Math.Max(last, WriteMetric(items, from, to, batch, transaction));
            foreach (var tenant in items[from..to].Select(i => i.Resource.Host.Host.Tenant).Distinct()) database.SetTenant(items[from].Metric.StoredId, tenant, batch.NowMs, transaction);
        }
        foreach (var host in batch.Hosts) database.SetHost(host.Host, host.SealedThroughMs, transaction);
        database.SetBucket(batch.Bucket, batch.Sequence, transaction);
        transaction.Commit();
        return last;
    }

    static int Order(SealItem a, SealItem b)
    {
        var order = a.Metric.StoredId.CompareTo(b.Metric.StoredId);
        if (order == 0) order = a.Resource.Host.Hash.CompareTo(b.Resource.Host.Hash);
        if (order == 0) order = a.Resource.StoredId.CompareTo(b.Resource.StoredId);
        return order == 0 ? a.Attributes.StoredId.CompareTo(b.Attributes.StoredId) : order;
    }

    /// <summary>
    /// Gives stored numbers to what has none, and says once a day what still has points: what nobody said for longer than the retention is deleted.
    /// In a transaction of its own: a number that was rolled back must not be remembered.
    /// </summary>
    void Name(SealBatch batch)
    {
        var day = batch.NowMs / DayMs;
        var assigned = new List<Action>();
        var named = new HashSet<object>();
        using var transaction = database.Begin();
        var hosts = new Dictionary<HostEntry, int>();
        foreach (var (_, metric, resource, attributes, _, _) in batch.Items)
        {
            if (metric.StoredDay != day && named.Add(metric))
            {
                var id = database.AddMetric(metric.Descriptor, batch.NowMs, transaction);
                assigned.Add(() => (metric.StoredId, metric.StoredDay) = (id, day));
            }
            if (attributes.StoredDay != day && named.Add(attributes))
            {
                var id = database.FindOrAddAttributes(attributes.Labels, batch.NowMs, transaction);
                assigned.Add(() => (attributes.StoredId, attributes.StoredDay) = (id, day));
            }
            if (resource.StoredDay != day && named.Add(resource))
            {
                if (!hosts.TryGetValue(resource.Host, out var host)) hosts[resource.Host] = host = database.SetHost(resource.Host.Host, Series.Never, transaction);
                var id = database.FindOrAddResource(host, resource.Resource.Labels, batch.NowMs, transaction);
                assigned.Add(() => (resource.StoredId, resource.StoredDay) = (id, day));
            }
        }
        transaction.Commit();
        foreach (var assign in assigned) assign();
    }

    long WriteMetric(List<SealItem> items, int from, int to, SealBatch batch, Microsoft.Data.Sqlite.SqliteTransaction transaction)
    {
        long last = 0;
        var metric = items[from].Metric.StoredId;
        foreach (var late in (bool[])[false, true])
        {
            uint hostFrom = 0, hostTo = 0;
            var interval = long.MaxValue;
            for (var i = from; i < to; i++)
            {
                var item = items[i];
                var count = late ? ReadLate(item.Late) : ReadHead(item.Points);
                if (count == 0) continue;
                if (_writer.Series == 0) hostFrom = item.Resource.Host.Hash;
                hostTo = item.Resource.Host.Hash;
                for (var p = 1; p < count; p++) interval = Math.Min(interval, _times[p] - _times[p - 1]);
                _writer.Add(item.Resource.StoredId, item.Attributes.StoredId, _times.AsSpan(0, count), _values.AsSpan(0, count));
                if (_writer.Series == MaxSeriesPerBlock || _writer.Points >= MaxPointsPerBlock) Flush();
            }
            if (_writer.Series > 0) Flush();

            void Flush()
            {
                var block = new NewBlock(
                    metric, BlockLevel.Raw, late, _writer.FromMs, _writer.ToMs, Math.Max(_writer.ToMs, batch.NowMs), hostFrom, hostTo,
                    _writer.Series, _writer.Points, interval == long.MaxValue ? 0 : interval, []);
                last = Math.Max(last, database.AddBlock(block with { Data = Packed(_writer.Finish()) }, transaction));
                interval = long.MaxValue;
            }
        }
        return last;
    }

    byte[] Packed(byte[] block) => _compressor.Wrap(block).ToArray();

    int ReadHead(Chunk chunk)
    {
        Room(chunk.Points);
        if (chunk.Points > 0) HeadCodec.Read(_bytes.AsSpan(0, arena.Read(chunk, ref _bytes)), chunk.Points, _times, _values);
        return chunk.Points;
    }

    int ReadLate(SortedList<long, double>? late)
    {
        if (late is null) return 0;
        Room(late.Count);
        late.Keys.CopyTo(_times, 0);
        late.Values.CopyTo(_values, 0);
        return late.Count;
    }

    void Room(int points)
    {
        if (_times.Length >= points) return;
        _times = new long[points * 2];
        _values = new double[points * 2];
    }

    public void Dispose() => _compressor.Dispose();
}
