using Microsoft.AspNetCore.Components;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Shell.Parts;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Overview.Pages;

/// <summary>What one panel shows of a record.</summary>
internal sealed record PanelFace(MarkupString Headline, IReadOnlyList<Bars.Bar> Lines);

/// <summary>A line of a list: its key, and what stands in it.</summary>
internal sealed record ListLine(object Key, MarkupString Inner);

/// <summary>How the Overview shows its records: drawn once for all who look (<see cref="Drawn"/>).</summary>
internal static class OverviewFaces
{
    const int Lines = 4, Events = 12;

    public static IReadOnlyList<Kpi.Tile> TilesWithCost(OverviewSummary o, ViewState view)
    {
        var tiles = Tiles(o, view).ToList();
        tiles.Insert(2, new("Cost", Format.Usd(o.UsdPerHour), "an hour", Href: view.Href("/cost"),
            More: o.UsdMonthProjected is null ? null : $"month ends near {Format.Usd(o.UsdMonthProjected)}", Why: "Measured over one full window; not complete yet"));
        return tiles;
    }

    public static IReadOnlyList<Kpi.Tile> Tiles(OverviewSummary o, ViewState view) =>
    [
        new("Hosts reporting", Format.Count(o.HostsFresh), $"of {Format.Count(o.Hosts)}", Href: view.Href("/fleet"),
            More: o.HostsFresh == o.Hosts ? "all fresh" : $"{Format.Count(o.Hosts - o.HostsFresh)} silent", Tone: o.HostsFresh < o.Hosts ? "warn" : null),
        new("Coverage", Format.Percent(o.CoverageScore), Href: view.Href("/coverage"), Tone: Tones.OfCoverage(o.CoverageScore),
            More: $"critical {Format.Percent(o.CoverageCritical)}", Why: "No host reports which processes it runs"),
        new("Active series", Format.Compact(o.ActiveSeries), Href: view.Href("/cardinality"), More: $"{Format.Compact(o.DailyCardinality)} identities today"),
        new("Anomalies", Format.Count(o.OpenAnomalies), Href: view.Href("/anomalies"), More: "open now", Tone: o.OpenAnomalies > 0 ? "warn" : null),
        new("Ingest", Format.Compact(o.PointsPerSecond), "points/s", Href: view.Href("/ingest"),
            More: o.Reduction is null ? null : $"{Format.Percent(o.Reduction)} of series saved at the source"),
    ];

    public static PanelFace Of(CoverageSummary c, ViewState view) => new(
        Headline.Html(Format.Percent(c.Score), "weighed by importance", "Unknown until a host reports its processes", c.At,
            $"critical {Format.Percent(c.Critical)}, {Format.Count(c.MissingTotal)} missing"),
        [.. c.WorstHosts.Take(Lines).Select(h => new Bars.Bar(h.HostName, Format.Percent(h.Score), h.Score ?? 0, $"{h.All.Fresh} of {h.All.Known}",
            view.HostHref(h.Tenant, h.HostKey), Tones.OfCoverage(h.Score)))]);

    public static PanelFace Of(CostSummary c, ViewState view) => new(
        Headline.Html(Format.Usd(c.UsdPerHour), "an hour", "Known after one full window of measuring", c.At,
            $"today {Format.Usd(c.UsdToday)}{(c.UsdMonthProjected is null ? "" : $", month ends near {Format.Usd(c.UsdMonthProjected)}")}"),
        [.. c.ByMetric.Take(Lines).Select(s => new Bars.Bar(s.Label, Format.UsdPerHour(s.UsdPerHour), s.Share, Format.Percent(s.Share),
            s.Key.StartsWith('(') ? null : view.Href("/explore", ("metric", s.Key))))]);

    public static PanelFace Of(CardinalitySummary c, ViewState view) => new(
        Headline.Html(Format.Compact(c.Active), "active series", null, c.At,
            $"{Format.Compact(c.Daily)} identities today, {(c.GrowthPerHour is null ? "growth unknown yet" : $"{(c.GrowthPerHour >= 0 ? "+" : "")}{Format.Percent(c.GrowthPerHour)} in an hour")}"),
        [.. c.TopMetrics.OrderByDescending(m => m.Active).Take(Lines).Select(m => (m.Metric, m.Active, Share: (double)m.Active / Math.Max(1, c.Active)))
            .Select(m => new Bars.Bar(m.Metric, Format.Count(m.Active), m.Share, Format.Percent(m.Share), view.Href("/explore", ("metric", m.Metric))))]);

    public static PanelFace Of(AnomalySummary a, ViewState view) => new(
        Headline.Html(Format.Count(a.Active), "open", null, a.At, $"{Format.Count(a.Watched)} processes watched, {Format.Count(a.Learning)} still learning"), []);

    public static IReadOnlyList<ListLine> Strongest(AnomalySummary a, ViewState view) => [.. a.Open.OrderByDescending(v => v.Score).Take(Lines).Select(v => new ListLine(v.Id, Html.Of(
        $"{Tag.Of(v.Level.ToString(), Tones.Of(v.Level))}<span><a href=\"{view.Href("/anomalies", ("verdict", v.Id.ToString()))}\">{v.Executable}</a> <span class=\"where\">on {v.HostName}</span></span><nr-age at=\"{v.StartedAt.ToUnixTimeMilliseconds()}\" stale=\"9e15\"></nr-age>")))];

    public static IReadOnlyList<ListLine> Latest(OverviewSummary o, ViewState view) => [.. o.Events.Take(Events).Select(e => new ListLine(e.Id, Html.Of(
        $"{Tag.Of(e.Severity.ToString(), Tones.Of(e.Severity))}<span>{e.Text} {Where(e.Tenant)} {Host(e.Tenant, e.Host, view)}</span><nr-age at=\"{e.At.ToUnixTimeMilliseconds()}\" stale=\"9e15\"></nr-age>")))];

    static MarkupString? Where(string tenant) => tenant.Length == 0 ? null : Html.Of($"<span class=\"where\">{tenant}</span>");

    static MarkupString? Host(string tenant, string host, ViewState view) =>
        host.Length == 0 ? null : Html.Of($"<a class=\"where\" href=\"{view.HostHref(tenant, host)}\">Open host</a>");
}
