using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NrdotConsole.App.Features.Telemetry.Api;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Api;

public sealed class MetricQueryParametersTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    static (MetricQuery? Query, List<Fault> Faults) Parse(string query)
    {
        var faults = new List<Fault>();
        return (MetricQueryParameters.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)), Now, faults), faults);
    }

    [Fact]
    public void A_metric_alone_asks_for_the_raw_points_of_the_last_hour()
    {
        var (query, _) = Parse("?metric=m");
        Assert.Equal((Now.AddHours(-1), Now, (TimeSpan?)null, Aggregation.Last), (query!.From, query.To, query.Step, query.Aggregation));
        Assert.Null(query.GroupBy);
    }

    [Theory]
    [InlineData("1769860800", "2026-01-31T12:00:00Z")]
    [InlineData("1769860800000", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T13:00:00%2B01:00", "2026-01-31T12:00:00Z")]
    [InlineData("now-90m", "2026-01-31T10:30:00Z")]
    public void Times_come_as_seconds_milliseconds_RFC_3339_or_relative(string to, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), Parse($"?metric=m&from=0&to={to}").Query!.To);

    [Fact]
    public void Filters_know_four_matches_and_keep_what_follows_the_first_operator()
    {
        var (query, _) = Parse("?metric=m&filter=a=b=c&filter=d!=e&filter=f=~^x.*&filter=g!~y");
        Assert.Equal(
        [
            new("a", LabelMatch.Equal, "b=c"), new("d", LabelMatch.NotEqual, "e"), new("f", LabelMatch.Regex, "^x.*"), new("g", LabelMatch.NotRegex, "y"),
        ], query!.Filters);
    }

    [Fact]
    public void A_group_without_a_step_gets_a_round_one()
    {
        var (query, _) = Parse("?metric=m&group=host.name,tenant&from=now-24h&agg=sum");
        Assert.Equal(TimeSpan.FromMinutes(10), query!.Step);
        Assert.Equal(["host.name", "tenant"], query.GroupBy!);
    }

    [Fact]
    public void An_empty_group_makes_one_series_of_all() => Assert.Empty(Parse("?metric=m&group=&agg=sum").Query!.GroupBy!);

    [Fact]
    public void Every_fault_is_listed_with_its_field()
    {
        var (query, faults) = Parse("?from=x&to=y&step=0s&agg=median&filter=nothing&filter=a=~(&limit=0");
        Assert.Null(query);
        Assert.Equal(["metric", "to", "from", "agg", "step", "limit", "filter", "filter"], faults.Select(f => f.Field));
        Assert.All(faults, f => Assert.NotEmpty(f.Allowed));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1")]
    [InlineData("avg,sum")]
    public void An_aggregation_is_one_of_the_names(string agg) =>
        Assert.Equal("agg", Assert.Single(Parse($"?metric=m&agg={agg}").Faults).Field);

    [Fact]
    public void Steps_beyond_the_limit_are_refused() =>
        Assert.Equal("step", Assert.Single(Parse("?metric=m&from=now-30d&step=1s").Faults).Field);

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("90", 90_000)]
    [InlineData("2m", 120_000)]
    [InlineData("7d", 604_800_000)]
    public void Durations_read_and_write_alike(string text, long ms)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(ms, duration.TotalMilliseconds);
        Assert.True(Duration.TryParse(Duration.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1s")]
    [InlineData("1y")]
    [InlineData("99999999999999999999s")]
    [InlineData("401d")]
    public void Other_durations_are_refused(string text) => Assert.False(Duration.TryParse(text, out _));
}
