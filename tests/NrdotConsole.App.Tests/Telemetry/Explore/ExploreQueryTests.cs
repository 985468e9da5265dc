using System.Text.Json;
using NrdotConsole.App.Features.Telemetry;
using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Tests.Telemetry.Explore;

public sealed class ExploreQueryTests
{
    [Fact]
    public void A_query_written_into_an_address_is_read_back_the_same()
    {
        var query = new ExploreQuery("process.cpu.utilization", ["state!=wait", "process.executable.name=~a|b&c"], ["host.name", "state"], "p95", 300, "stacked");
        var read = ExploreQuery.Parse("https://console" + query.Href(ViewState.Parse("/?tenant=prod&range=6h")));
        Assert.Equal(query.Filters, read.Filters);
        Assert.Equal(query.Group, read.Group);
        Assert.Equal(query with { Filters = [], Group = [] }, read with { Filters = [], Group = [] }, Same);
    }

    [Fact]
    public void What_the_address_may_not_say_falls_back()
    {
        var query = ExploreQuery.Parse("/explore?metric=m&agg=drop&step=7&chart=pie&group=" + string.Join(',', Enumerable.Range(0, 50)));
        Assert.Equal(("avg", null, "line", ExploreQuery.MostGroups), (query.Aggregation, query.StepSeconds, query.Kind, query.Group.Count));
    }

    [Fact]
    public void The_chart_asks_within_the_views_tenant_and_host()
    {
        var view = ViewState.Parse("/?tenant=prod&host=h1");
        using var spec = JsonDocument.Parse(ExploreQuery.Parse("/explore?metric=m&filter=a=b").Chart(view, "host.id=h1").ToJson());
        var url = Uri.UnescapeDataString(spec.RootElement.GetProperty("queries")[0].GetProperty("url").GetString()!);
        Assert.Equal("api/v1/query?metric=m&agg=avg&group=&filter=a=b&filter=nrdot.tenant=prod&filter=host.id=h1", url);
    }

    [Fact]
    public void A_charts_description_holds_no_null_keys() => Assert.DoesNotContain("null", ExploreQuery.Parse("/explore?metric=m").Chart(ViewState.Default, null).ToJson());

    static bool Same(ExploreQuery a, ExploreQuery b) => (a.Metric, a.Aggregation, a.StepSeconds, a.Kind) == (b.Metric, b.Aggregation, b.StepSeconds, b.Kind);
}
