namespace NrdotConsole.App.Features.Profiles;

/// <summary>
/// What the fleet would send and cost if every host had a profile. Pooled over the hosts that were looked at, then scaled to all of them:
/// ratios are sums over sums. <see cref="UsdPerHour"/> is null for who may not see dollars.
/// </summary>
public sealed record FleetEstimate(
    double SeriesPerHost, long PointsPerHour, decimal? UsdPerHour, double? Reduction, double? CriticalKept, double ProcessesKept, double Processes,
    int HostsBeyondMaxSeries, IReadOnlyList<ClassKept> Classes);

/// <summary>Of a class, on the hosts that were looked at.</summary>
public sealed record ClassKept(string Class, double Importance, int Processes, int Kept, int TopK, int HostsBeyondTopK);

/// <summary>What estimates stand on: hosts of the fleet as they are measured, or the console's sample hosts where none is.</summary>
public sealed record EstimateBasis(bool IsMeasured, int Hosts, int HostsLookedAt, double BytesPerPoint, bool IsBytesMeasured, decimal UsdPerGigabyte, DateTimeOffset At);
