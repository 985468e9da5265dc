using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>The store's counters since the start. <paramref name="UntimedPoints"/> came without a time and bear that of their arrival.</summary>
internal sealed record StoreStats(
    long Points, IReadOnlyList<RefusalCount> Refusals, long LatePoints, long DuplicatePoints, long UntimedPoints,
    int Series, int SeriesLimit, int ActiveSeries, int Hosts, int Metrics, long HeadBytes, StoreHealth Health);
