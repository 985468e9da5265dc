using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>A part of a scope's data: bytes and points an hour, and its dollars at its tenant's price.</summary>
internal readonly record struct CostPart(string Key, string Label, UsageRate Rate, decimal Usd, string? HostTenant = null);

/// <summary>Dollars so far and by the end, of a tenant or the fleet.</summary>
internal readonly record struct MoneySoFar(decimal Today, decimal? TodayProjected, decimal Month, decimal? MonthProjected);

/// <summary>Computes cost summaries of one moment; money of the month is computed once for all scopes.</summary>
internal sealed class CostSummaries(CostLedger ledger, MetricRoles roles, IReadOnlyDictionary<string, ScopeSignals> tenants, DateTimeOffset now)
{
    public const int ShownParts = 100;
    public const string OverheadKey = "(resource attributes)";
    public const string OthersKey = "(others)";

    readonly DateOnly _today = DateOnly.FromDateTime(now.UtcDateTime);
    Dictionary<string, MoneySoFar>? _money;

    public CostSummary OfFleet(ScopeSignals fleet)
    {
        var byTenant = tenants.Values.Select(t => Part(t.Scope.Tenant!, t.Scope.Tenant!, t.Scope.Tenant!, t.Rate)).ToList();
        var rest = tenants.Values.Aggregate(fleet.Rate, (left, t) => left - t.Rate);
        if (rest != default) byTenant.Add(Part("", OthersKey, "(other tenants)", rest));
        var total = byTenant.Sum(p => p.Usd);
        return Of(
            SignalScope.Fleet, fleet.IsRateKnown, fleet.Rate, total, Money(null), byTenant, Hosts(fleet, total, fleet.Rate),
            Merge(tenants.Values.SelectMany(Metrics)), Merge(tenants.Values.SelectMany(t => Classes(t.Scope.Tenant!, t.ByClass))));
    }

    public CostSummary OfTenant(ScopeSignals tenant)
    {
        var name = tenant.Scope.Tenant!;
        var whole = Part(name, name, name, tenant.Rate);
        return Of(tenant.Scope, tenant.IsRateKnown, tenant.Rate, whole.Usd, Money(name), [whole], Hosts(tenant, whole.Usd, tenant.Rate), Metrics(tenant), Classes(name, tenant.ByClass));
    }

    /// <summary>Of a host, today and month count from the console's start at the earliest: bytes are kept a tenant, not a host.</summary>
    public CostSummary OfHost(HostSignals host)
    {
        var name = host.Host.Tenant;
        var price = ledger.Prices.At(name, _today);
        var rate = host.Share.Rate;
        var usd = price.Of(rate.BytesPerHour, rate.PointsPerHour);
        var isToday = host.UsageDay == _today;
        var today = isToday ? price.Of(host.DayBytes, host.DayPoints) : 0;
        var isMonth = host.UsageDay.Year == _today.Year && host.UsageDay.Month == _today.Month;
        var month = isMonth ? price.Of(host.MonthBytes, host.MonthPoints) : 0;
        var money = new MoneySoFar(today, host.Share.HasRate ? today + (usd * HoursLeftToday) : null, month, host.Share.HasRate ? month + (usd * HoursLeftInMonth) : null);
        return Of(
            host.Scope, host.Share.HasRate, rate, usd, money, [Part(name, name, name, rate)], [Host(host)],
            Metrics(name, rate, host.Share.Metrics), Classes(name, host.Share.ByClass));
    }

    decimal HoursLeftToday => (decimal)(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime).TotalHours;
    decimal HoursLeftInMonth => (decimal)(new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1) - now.UtcDateTime).TotalHours;

    CostSummary Of(
        SignalScope scope, bool isKnown, UsageRate rate, decimal usd, MoneySoFar money,
        IReadOnlyList<CostPart> byTenant, IReadOnlyList<CostPart> byHost, IReadOnlyList<CostPart> byMetric, IReadOnlyList<CostPart> byClass)
    {
        var listed = ledger.Prices.At(scope.Tenant ?? "", _today).UsdPerGigabyte;
        var gigabytes = rate.BytesPerHour / 1_000_000_000m;
        return new(
            scope, now, TimeSpan.FromMilliseconds(UsageWindow.LongestMs), isKnown ? usd : null, rate.BytesPerSecond, rate.PointsPerSecond,
            rate.PointsPerHour > 0 ? (double)rate.BytesPerHour / rate.PointsPerHour : null,
            scope.Tenant is null && gigabytes > 0 ? Math.Round(usd / gigabytes, 6) : listed, ledger.Prices.FreeGigabytesPerMonth,
            money.Today, money.TodayProjected, money.Month, money.MonthProjected,
            Slices(byTenant, usd), Slices(byHost, usd), Slices(byMetric, usd), Slices(byClass, usd));
    }

    static IReadOnlyList<CostSlice> Slices(IReadOnlyList<CostPart> parts, decimal total)
    {
        var ordered = parts.Where(p => p.Rate != default).OrderByDescending(p => p.Usd).ThenBy(p => p.Key, StringComparer.Ordinal).ToList();
        if (ordered.Count > ShownParts)
        {
            var rest = ordered.Skip(ShownParts - 1).ToList();
            var others = ordered.Find(p => p.Key == OthersKey);
            ordered = ordered.GetRange(0, ShownParts - 1);
            ordered.Remove(others);
            if (others != default && !rest.Contains(others)) rest.Add(others);
            ordered.Add(new(OthersKey, "All others", rest.Aggregate(default(UsageRate), (sum, p) => sum + p.Rate), rest.Sum(p => p.Usd)));
        }
        return [.. ordered.Select(p => new CostSlice(p.Key, p.Label, p.Usd, p.Rate.BytesPerSecond, p.Rate.PointsPerSecond) { Share = total > 0 ? (double)(p.Usd / total) : 0, Tenant = p.HostTenant })];
    }

    CostPart Part(string tenant, string key, string label, UsageRate rate) =>
        new(key, label, rate, ledger.Prices.At(tenant, _today).Of(rate.BytesPerHour, rate.PointsPerHour));

    CostPart Host(HostSignals host) => Part(host.Host.Tenant, host.Host.Key, host.Host.Name, host.Share.Rate) with { HostTenant = host.Host.Tenant };

    /// <summary>The dearest hosts, and what is left as one part, so that the parts sum to the whole.</summary>
    List<CostPart> Hosts(ScopeSignals scope, decimal total, UsageRate whole)
    {
        var foremost = new Foremost<HostSignals>(ShownParts - 1);
        foreach (var host in scope.Hosts)
            if (host.Share.Rate != default) foremost.Offer(host, host.Share.Rate.BytesPerHour);
        var parts = foremost.InOrder().Select(Host).ToList();
        var rest = parts.Aggregate(whole, (left, p) => left - p.Rate);
        if (rest != default) parts.Add(new(OthersKey, "All others", rest, total - parts.Sum(p => p.Usd)));
        return parts;
    }

    List<CostPart> Metrics(ScopeSignals tenant) => Metrics(tenant.Scope.Tenant!, tenant.Rate, tenant.Metrics.Values);

    /// <summary>
    /// Points an hour of each metric times the bytes that its points have measured (the Metric message alone); what is
    /// left of the measured whole are resource attributes and envelopes. Scaled down where a burst makes it more than the whole.
    /// </summary>
    List<CostPart> Metrics(string tenant, UsageRate whole, IEnumerable<MetricShare> metrics)
    {
        var names = new Dictionary<string, UsageRate>(StringComparer.Ordinal);
        foreach (var share in metrics)
        {
            var descriptor = roles.ById(share.Metric).Descriptor;
            var bytes = descriptor.Points > 0 ? (long)(share.PointsPerHour * ((double)descriptor.Bytes / descriptor.Points)) : 0;
            names[descriptor.Name] = names.GetValueOrDefault(descriptor.Name) + new UsageRate(bytes, share.PointsPerHour);
        }
        var keys = names.Keys.ToList();
        var (bytesOf, pointsOf) = (keys.ConvertAll(k => names[k].BytesPerHour), keys.ConvertAll(k => names[k].PointsPerHour));
        var shownBytes = bytesOf.Sum() > whole.BytesPerHour ? Shares.Split(whole.BytesPerHour, bytesOf) : [.. bytesOf];
        var shownPoints = Shares.Split(whole.PointsPerHour, pointsOf);
        var parts = keys.Select((key, i) => Part(tenant, key, key, new(shownBytes[i], shownPoints[i]))).ToList();
        parts.Add(Part(tenant, OverheadKey, "Resource attributes and envelopes", parts.Aggregate(whole, (left, p) => left - p.Rate)));
        return parts;
    }

    List<CostPart> Classes(string tenant, UsageRate[] byClass) =>
        [.. byClass.Select((rate, i) => Part(tenant, UsageClasses.Name(i), UsageClasses.Label(i), rate))];

    static List<CostPart> Merge(IEnumerable<CostPart> parts) =>
        [.. parts.GroupBy(p => p.Key).Select(g => g.Aggregate((a, b) => a with { Rate = a.Rate + b.Rate, Usd = a.Usd + b.Usd }))];

    MoneySoFar Money(string? tenant)
    {
        _money ??= AllMoney();
        if (tenant is not null) return _money.GetValueOrDefault(tenant);
        return _money.Values.Aggregate(default(MoneySoFar), (sum, m) => new(
            sum.Today + m.Today, Sum(sum.TodayProjected, m.TodayProjected), sum.Month + m.Month, Sum(sum.MonthProjected, m.MonthProjected)));

        static decimal? Sum(decimal? a, decimal? b) => a is null ? b : a + (b ?? 0);
    }

    Dictionary<string, MoneySoFar> AllMoney()
    {
        var known = tenants.Values.Where(t => t.IsRateKnown).Select(t => t.Scope.Tenant!).ToHashSet(StringComparer.Ordinal);
        var measured = ledger.Costs();
        var untilMidnight = ledger.Costs(Ahead(HoursLeftToday));
        var untilMonthsEnd = ledger.Costs(Ahead(HoursLeftInMonth));
        return ledger.Days.Select(d => d.Tenant).Union(known).Distinct(StringComparer.Ordinal).ToDictionary(t => t, t => new MoneySoFar(
            Sum(measured, t, todayOnly: true), known.Contains(t) ? Sum(untilMidnight, t, todayOnly: true) : null,
            Sum(measured, t, todayOnly: false), known.Contains(t) ? Sum(untilMonthsEnd, t, todayOnly: false) : null), StringComparer.Ordinal);
    }

    IEnumerable<DayUsage> Ahead(decimal hours) =>
        tenants.Values.Where(t => t.IsRateKnown).Select(t => new DayUsage(t.Scope.Tenant!, _today, (long)(t.Rate.BytesPerHour * hours), (long)(t.Rate.PointsPerHour * hours)));

    decimal Sum(IReadOnlyList<DayCost> costs, string tenant, bool todayOnly) =>
        costs.Where(c => c.Usage.Tenant == tenant && (!todayOnly || c.Usage.Day == _today)).Sum(c => c.Usd);
}
