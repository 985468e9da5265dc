using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Reads one host's series under the store's lock: copy what you need, call nothing that waits.</summary>
internal interface ISeriesVisitor
{
    void Visit(in SeriesView series);
}

/// <summary>How one request fared. Malformed: nothing was applied, the sender's fault. Unavailable: nothing was applied, try again later.</summary>
internal readonly record struct IngestOutcome(IngestStatus Status, long Accepted, long Refused, string? Message);

internal enum IngestStatus { Accepted, Malformed, Unavailable }

/// <summary>
/// All series, behind one lock that is only ever held shortly: a request of 12,000 points holds it for about a millisecond.
/// Memory holds the newest points, the log every request since, the database what has left memory.
/// </summary>
internal sealed class SeriesStore : IDisposable
{
    readonly Lock _gate = new();
    readonly Lock _sealing = new();
    readonly Lock _moment = new();
    readonly StoreSettings _settings;
    readonly TimeProvider _time;
    readonly SeriesIndex _index;
    readonly IngestBatch _batch;
    readonly OtlpReader _reader = new();
    readonly ConcurrentBag<LogRecord> _records = [];
    readonly string? _directory;
    readonly Func<string, ILogFile>? _openLogFile;
    readonly StoreFaults _faults;

    WriteAheadLog? _log;
    Sealer? _sealer;
    SealBatch? _unsealed;
    bool _isOpen, _isOnDisk;
    int _bucket, _swept = 1;
    long _lastBlock;
    DateTimeOffset? _lastSeal;

    /// <param name="directory">Where the log and the database lie. Null keeps all in memory, and nothing after it.</param>
    /// <param name="openLogFile">Opens a segment of the log; null for real files.</param>
    public SeriesStore(StoreSettings settings, TimeProvider time, string? directory = null, Func<string, ILogFile>? openLogFile = null)
    {
        (_settings, _time, _directory, _openLogFile) = (settings, time, directory, openLogFile);
        _index = new(settings, RandomNumberGenerator.GetInt32(int.MaxValue));
        _batch = new(_index, settings);
        _faults = new(time);
        _isOpen = directory is null;
    }

    public TelemetryDatabase? Database { get; private set; }
    public StoreSettings Settings => _settings;
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Time before which the database holds roll-ups.</summary>
    public long RolledUpMs
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>The log is replayed: hosts and series of before are there.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen);

    /// <summary>Opens the database and replays the log. False, with a fault on view, when that cannot be done now: call again later.</summary>
    public bool TryOpen()
    {
        if (_isOpen) return true;
        try
        {
            Directory.CreateDirectory(_directory!);
            Database ??= TelemetryFile.Open(Path.Combine(_directory!, "telemetry.db"), _time, _faults);
            var log = new WriteAheadLog(Path.Combine(_directory!, "wal"), _openLogFile);
            lock (_gate) Load(Database, log);
            _sealer = new(Database, _index.Arena);
            _faults.Clear(StorePart.Database);
            return _isOpen = true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _faults.Set(StorePart.Database, $"The store at {_directory} cannot be opened: {e.Message}. Tried again every few seconds; see that no other program holds telemetry.db, and the rights of the directory.");
            return false;
        }
    }

    void Load(TelemetryDatabase database, WriteAheadLog log)
    {
        _index.Load(database.Metrics(), database.Hosts(ResourceTable.HostLimit), database.Buckets());
        _lastBlock = database.LastBlock();
        RolledUpMs = database.Progress(RollUp.DoneThrough);
        log.Replay(_index.SealedSequence.Max(), request =>
        {
            _batch.Begin(request.Tenant, request.ReceivedMs, request.Sequence);
            if (_reader.Read(request.Body, new BatchSink(_batch)).IsOk) _index.Apply(_batch);
            else _index.Undo(_batch);
        });
        if (log.Damage is { } damage) _faults.Set(StorePart.Damage, damage);
        _log = log;
    }

    /// <summary>
    /// Decodes, resolves, logs and appends one ExportMetricsServiceRequest (protobuf, uncompressed). When it returns Accepted, the points survive kill -9.
    /// </summary>
    /// <param name="tenant">The token's tenant; null when the resource's <c>nrdot.tenant</c> (else "default") decides.</param>
    public IngestOutcome Ingest(ReadOnlySpan<byte> request, string? tenant)
    {
        if (!_isOpen) return Unavailable("The store is not open yet.");
        if (_faults.Refusal is { } fault) return Unavailable(fault);
        var record = _log is null ? null : _records.TryTake(out var used) ? used : new();
        record?.Fill(tenant, request);
        try
        {
            lock (_gate) return Ingest(request, tenant, record);
        }
        finally
        {
            if (record is not null) _records.Add(record);
        }
    }

    IngestOutcome Ingest(ReadOnlySpan<byte> request, string? tenant, LogRecord? record)
    {
        if (_index.Late.IsFull) return Unavailable("Too many late points wait to be written; try again in a minute.");
        var now = NowMs();
        _batch.Begin(tenant, now, null);
        var read = _reader.Read(request, new BatchSink(_batch));
        if (!read.IsOk)
        {
            _index.Undo(_batch);
            return new(IngestStatus.Malformed, 0, 0, read.ToString());
        }
        if (record is not null && _batch.Count > 0 && !TryLog(record, now))
        {
            _index.Undo(_batch);
            return Unavailable(_faults.First!);
        }
        _index.Apply(_batch);
        return new(IngestStatus.Accepted, _batch.Accepted, _batch.RefusedTotal, _batch.RefusedTotal == 0 ? null : Refusals.Text(_batch.Refused));
    }

    bool TryLog(LogRecord record, long now)
    {
        try
        {
            _log!.Append(record, now);
            _faults.Clear(StorePart.Log);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _faults.Set(StorePart.Log, $"The write-ahead log cannot be written: {e.Message} Free space on the data disk; senders retry meanwhile.");
            return false;
        }
    }

    static IngestOutcome Unavailable(string why) => new(IngestStatus.Unavailable, 0, 0, why);

    /// <summary>Some host received data that <see cref="DrainChangedHosts"/> has not yet told of.</summary>
    public bool HasChangedHosts { get { lock (_gate) return _index.HasChangedHosts; } }

    /// <summary>Hosts that received data since the last call, each once.</summary>
    public void DrainChangedHosts(List<TelemetryHost> into)
    {
        lock (_gate) _index.DrainChangedHosts(into);
    }

    /// <summary>Every series of a host that is still in memory.</summary>
    public void VisitHost(TelemetryHost host, ISeriesVisitor visitor)
    {
        lock (_gate) _index.Visit(host, visitor);
    }

    public IReadOnlyList<TelemetryHost> Hosts
    {
        get
        {
            lock (_gate) return _index.Resources.Hosts;
        }
    }

    public IReadOnlyList<MetricDescriptor> Metrics => _index.Metrics.Descriptors;

    public StoreStats Stats()
    {
        var databaseBytes = Database?.Bytes ?? 0;
        var free = FreeBytes();
        lock (_gate)
        {
            var refusals = _index.Refused.Select((points, i) => new RefusalCount((RefusalReason)i, points)).ToArray();
            return new(
                _index.Points, refusals, _index.LatePoints, _index.DuplicatePoints, _index.UntimedPoints,
                _index.Series.Count, _settings.MaxSeries, _index.ActiveSeries, _index.Resources.HostCount, _index.Metrics.Count, _index.Arena.Bytes,
                new(_isOpen && _faults is { Refusal: null, IsLogAtFault: false }, _faults.First, _faults.Since, _log?.Bytes ?? 0, databaseBytes, free, _lastSeal));
        }
    }

    long FreeBytes() => _directory is null ? 0 : TelemetryFile.FreeBytes(_directory);

    /// <summary>Copies what memory holds of the metrics of that name, and has <paramref name="reader"/> begin to read the database as it stands at that moment.</summary>
    public HeadSnapshot Snapshot(string metric, SqliteConnection? reader)
    {
        lock (_moment)
        {
            var snapshot = Snapshot(metric);
            if (reader is not null) TelemetryDatabase.BeginRead(reader);
            return snapshot;
        }
    }

    HeadSnapshot Snapshot(string metric)
    {
        var snapshot = new HeadSnapshot { RolledUpMs = RolledUpMs };
        lock (_gate)
        {
            foreach (var descriptor in _index.Metrics.Descriptors)
            {
                if (descriptor.Name != metric) continue;
                snapshot.Metrics.Add((descriptor, _index.Metrics[descriptor.Id].StoredId));
                _index.Copy(descriptor, snapshot);
            }
            snapshot.LastBlock = _lastBlock;
        }
        return snapshot;
    }

    /// <summary>The series of a metric name in memory, as they stand now.</summary>
    public List<SeriesView> Series(string metric, IReadOnlyCollection<string>? tenants)
    {
        var series = new List<SeriesView>();
        lock (_gate)
            foreach (var descriptor in _index.Metrics.Descriptors)
                if (descriptor.Name == metric) _index.List(descriptor, tenants, series);
        return series;
    }

    /// <summary>The numbers in the database of the metrics of that name.</summary>
    public List<int> StoredMetrics(string metric)
    {
        lock (_gate) return [.. _index.Metrics.Descriptors.Where(d => d.Name == metric).Select(d => _index.Metrics[d.Id].StoredId).Where(id => id != 0)];
    }

    /// <summary>All metrics with their series in memory. For some tenants only, their series are counted one by one.</summary>
    public List<MetricRow> MetricRows(IReadOnlyCollection<string>? tenants)
    {
        lock (_gate) return _index.MetricRows(tenants);
    }

    /// <summary>Writes the next bucket's points to the database, and lets go of what the log no longer needs. False when the database refused; they are tried again first.</summary>
    public bool TrySealNext()
    {
        lock (_sealing)
        {
            if (_sealer is null || _log is null) return false;
            if (_unsealed is null)
            {
                lock (_gate) _unsealed = _index.Take(_bucket, _log.LastSequence, NowMs());
                _bucket = (_bucket + 1) % SealSchedule.Buckets;
            }
            if (!TryWrite(_unsealed, out var lastBlock)) return false;
            lock (_gate)
            {
                _index.Sealed(_unsealed);
                _lastBlock = Math.Max(_lastBlock, lastBlock);
                _lastSeal = _time.GetUtcNow();
                if (_isOnDisk) LetGo(_log, _index.SealedSequence.Min());
            }
            _unsealed = null;
            return true;
        }
    }

    void LetGo(WriteAheadLog log, long sequence)
    {
        try
        {
            log.DeleteThrough(sequence);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _faults.Set(StorePart.Log, $"A segment of the write-ahead log cannot be deleted: {e.Message} The log grows meanwhile.");
        }
    }

    /// <summary>Waiting longer would fill the memory for late points, or the disk with the log.</summary>
    public bool IsSealUrgent
    {
        get
        {
            lock (_gate) return _index.Late.Count > LatePoints.Limit / 2 || _log?.Bytes > _settings.MaxLogBytes;
        }
    }

    bool TryWrite(SealBatch batch, out long lastBlock)
    {
        lastBlock = 0;
        try
        {
            lastBlock = _sealer!.Write(batch);
            _isOnDisk = Database!.TryCheckpoint();
            _faults.Clear(StorePart.Database);
            return true;
        }
        catch (SqliteException e)
        {
            _faults.Set(StorePart.Database, $"telemetry.db cannot be written: {e.Message}. Points stay in memory and in the log, and are tried again.");
            return false;
        }
    }

    public void Report(StorePart part, string fault) => _faults.Set(part, fault);

    /// <summary>Runs a change of the database that is not a seal: it has one writer.</summary>
    public T Writing<T>(Func<T> change)
    {
        lock (_sealing) return change();
    }

    /// <summary>Runs a change of the database in a transaction of its own. A query sees all of it or nothing.</summary>
    public void Rewrite(Action<SqliteTransaction> change)
    {
        lock (_sealing)
        {
            using var transaction = Database!.Begin();
            change(transaction);
            lock (_moment)
            {
                transaction.Commit();
                lock (_gate) _lastBlock = Database.LastBlock();
            }
            RolledUpMs = Database.Progress(RollUp.DoneThrough);
        }
    }

    public bool TrySealAll()
    {
        for (var i = 0; i <= SealSchedule.Buckets; i++)
            if (!TrySealNext()) return false;
        return true;
    }

    /// <summary>Writes the log through to the disk and looks at the free space.</summary>
    public void Sync()
    {
        try
        {
            _log?.Sync();
        }
        catch (IOException e)
        {
            _faults.Set(StorePart.Log, $"The write-ahead log cannot be written through to the disk: {e.Message} Check the disk.");
        }
        if (_directory is null) return;
        if (FreeBytes() >= _settings.MinFreeBytes) _faults.Clear(StorePart.Disk);
        else _faults.Set(StorePart.Disk, $"The data disk has less than {_settings.MinFreeBytes >> 20} MB left (Telemetry:MinFreeBytes). Nothing is accepted until there is more.");
    }

    /// <summary>Looks at a part of the series each time: idle ones leave memory.</summary>
    public void Sweep(int count = 8192)
    {
        lock (_gate)
        {
            _swept = _index.Sweep(_swept, count, NowMs());
            if (_swept == 0) _swept = 1;
        }
    }

    public int SeriesEnd
    {
        get
        {
            lock (_gate) return _index.Series.End;
        }
    }

    long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose()
    {
        lock (_sealing)
        {
            lock (_gate)
            {
                _isOpen = false;
                _log?.Dispose();
                _log = null;
            }
            _sealer?.Dispose();
            Database?.Dispose();
            while (_records.TryTake(out var record)) record.Dispose();
        }
    }
}
