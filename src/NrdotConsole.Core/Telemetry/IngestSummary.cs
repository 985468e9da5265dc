namespace NrdotConsole.Core.Telemetry;

/// <summary>Why a point was not stored. Each has a counter, is shown on the Ingest page and told to the sender.</summary>
public enum RefusalReason { SeriesLimit, NewSeriesRate, NameMissing, LabelTooLong, TooManyLabels, TooOld, InFuture, HistogramInvalid, TenantForbidden }

public sealed record RefusalCount(RefusalReason Reason, long Points);

/// <summary>The store's state. <see cref="Writable"/> is false when the log or the database can't be written; <see cref="Fault"/> then says why and what to do.</summary>
public sealed record StoreHealth(bool Writable, string? Fault, DateTimeOffset? FaultSince, long WalBytes, long DatabaseBytes, long DiskFreeBytes, DateTimeOffset? LastFlush);

public sealed record SenderRow(string Token, string Tenant, string Transport, string UserAgent, long Requests, long Points, long Refused, DateTimeOffset LastSeen);

/// <summary>How ingest stands: totals since the start, rates over the last 10 s.</summary>
public sealed record IngestSummary(
    DateTimeOffset At, long Requests, long Points, long Bytes, double RequestsPerSecond, double PointsPerSecond, double BytesPerSecond,
    IReadOnlyDictionary<string, long> RequestsByStatus, IReadOnlyList<RefusalCount> Refusals, long LatePoints, long DuplicatePoints,
    int Series, int SeriesLimit, int ActiveSeries, int Hosts, StoreHealth Store, IReadOnlyList<SenderRow> Senders);
