using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Profiles;

/// <summary>
/// Estimates every profile on the hosts as they are measured now. One host in so many is looked at; a look is remembered for a while, for
/// the desired state that it was taken at: viewers share it.
/// </summary>
internal sealed class FleetEstimator(DesiredStates desired, SeriesStore store, SignalBoard board, CollectorEndpoints endpoints, TimeProvider time)
{
    /// <summary>Hosts looked at, evenly over the fleet.</summary>
    public const int MaxHosts = 60;

    /// <summary>Of a stock process point, before bytes were measured.</summary>
    public const double AssumedBytesPerPoint = 300;

    static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(30);

    /// <summary>The inventory comes every ten minutes.</summary>
    static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(25);

    readonly Lock _lock = new();
    (DesiredState State, string? Tenants, Look Look)? _last;

    public sealed record Look(EstimateBasis Basis, IReadOnlyDictionary<string, FleetEstimate> ByProfile);

    /// <param name="tenants">The tenants whose hosts count; null for all.</param>
    public Look Take(IReadOnlySet<string>? tenants)
    {
        var (state, now) = (desired.Current, time.GetUtcNow());
        var key = tenants is null ? null : string.Join('\n', tenants.Order(StringComparer.Ordinal));
        lock (_lock)
        {
            if (_last is { } last && ReferenceEquals(last.State, state) && last.Tenants == key && now - last.Look.Basis.At < s_remembered) return last.Look;
            var look = Estimate(state, Samples(tenants, now, out var hosts), hosts, tenants, now);
            _last = (state, key, look);
            return look;
        }
    }

    /// <summary>A profile as it is and as it would be, on the same hosts at the same moment.</summary>
    public (FleetEstimate Before, FleetEstimate After) Compare(Profile before, Profile after, IReadOnlySet<string>? tenants)
    {
        var (state, now) = (desired.Current, time.GetUtcNow());
        var samples = Samples(tenants, now, out var hosts);
        var basis = Basis(ref samples, hosts, tenants, now);
        return (Pool(state, before, samples, basis), Pool(state, after, samples, basis));
    }

    List<(string Tenant, HostSample Host)> Samples(IReadOnlySet<string>? tenants, DateTimeOffset now, out int hosts)
    {
        var freshFrom = (now - s_fresh).ToUnixTimeMilliseconds();
        var seen = store.Hosts.Where(h => h.Tenant != ReservedTenant.Name && (tenants is null || tenants.Contains(h.Tenant))).ToArray();
        var every = Math.Max(1, (seen.Length + MaxHosts - 1) / MaxHosts);
        var samples = new List<(string, HostSample)>();
        for (var i = 0; i < seen.Length; i += every)
        {
            var measured = new MeasuredHost(freshFrom);
            store.VisitHost(seen[i], measured);
            var sample = measured.Sample(seen[i].Name);
            if (sample.Processes.Count > 0) samples.Add((seen[i].Tenant, sample));
        }
        hosts = samples.Count == 0 ? 0 : seen.Length;
        return samples;
    }

    Look Estimate(DesiredState state, List<(string Tenant, HostSample Host)> samples, int hosts, IReadOnlySet<string>? tenants, DateTimeOffset now)
    {
        var basis = Basis(ref samples, hosts, tenants, now);
        return new(basis, state.Profiles.Profiles.ToDictionary(p => p.Name, p => Pool(state, p, samples, basis)));
    }

    EstimateBasis Basis(ref List<(string Tenant, HostSample Host)> samples, int hosts, IReadOnlySet<string>? tenants, DateTimeOffset now)
    {
        var isMeasured = samples.Count > 0;
        if (!isMeasured) samples = [.. SampleHosts.All.Select(h => ("", h))];
        var cost = board.Cost(tenants is { Count: 1 } ? new SignalScope(tenants.Single()) : SignalScope.Fleet).Current;
        return new(isMeasured, isMeasured ? hosts : samples.Count, samples.Count,
            cost?.BytesPerPoint ?? AssumedBytesPerPoint, cost?.BytesPerPoint is not null, cost?.UsdPerGigabyte ?? Core.Cost.PriceList.DefaultUsdPerGigabyte, now);
    }

    FleetEstimate Pool(DesiredState state, Profile profile, List<(string Tenant, HostSample Host)> samples, EstimateBasis basis)
    {
        var estimators = new Dictionary<string, Estimator>();
        var all = new List<ProfileEstimate>(samples.Count);
        foreach (var (tenant, host) in samples)
        {
            if (!estimators.TryGetValue(tenant, out var estimator))
                estimators[tenant] = estimator = new(new(profile, 0, state.Tenants.Find(tenant), [], state.Filters, state.Classification, state.Tenants, endpoints));
            all.Add(estimator.Of(host));
        }
        var scale = (double)basis.Hosts / samples.Count;
        var total = all.Sum(e => (long)e.ProcessSeriesTotal);
        var critical = all.Sum(e => e.Critical);
        var points = (long)(all.Sum(e => e.PointsPerHour) * scale);
        return new(all.Average(e => e.Series), points, (decimal)(points * basis.BytesPerPoint) / ProfileEstimate.BytesPerGb * basis.UsdPerGigabyte,
            total == 0 ? null : 1 - ((double)all.Sum(e => (long)e.ProcessSeries) / total), critical == 0 ? null : (double)all.Sum(e => e.CriticalKept) / critical,
            all.Average(e => e.Kept), all.Average(e => e.Processes), (int)Math.Round(all.Count(e => e.IsBeyondMaxSeries) * scale),
            [.. all.SelectMany(e => e.Classes).GroupBy(c => c.Class.Name).Select(g =>
                    new ClassKept(g.Key, g.First().Class.Importance, g.Sum(c => c.Processes), g.Sum(c => c.Kept), g.First().TopK, g.Count(c => c.IsBeyondTopK)))
                .OrderByDescending(c => c.Importance).ThenBy(c => c.Class, StringComparer.Ordinal)]);
    }
}
