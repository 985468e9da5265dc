using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NrdotConsole.App.Shell;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Shell;

public sealed class ViewStateTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Property]
    public bool A_view_written_into_an_address_is_read_back_the_same(NonEmptyString tenant, NonEmptyString host, uint from, ushort seconds, byte preset, bool isFixed)
    {
        var range = isFixed ? TimeRange.Between(DateTimeOffset.FromUnixTimeSeconds(from), DateTimeOffset.FromUnixTimeSeconds(from + 1L + seconds))! : TimeRange.Presets[preset % TimeRange.Presets.Count];
        var view = new ViewState(tenant.Get, host.Get, range);
        return ViewState.Parse(view.Href("/coverage", ("find", "a&b=c"))) == view;
    }

    [Property]
    public bool Any_text_is_a_view(string text) => ViewState.Parse("/?" + text) is not null && TimeRange.Parse(text) is not null;

    [Fact]
    public void The_default_view_leaves_the_address_clean() => Assert.Equal("/fleet", ViewState.Default.Href("/fleet"));

    [Fact]
    public void A_host_without_its_tenant_is_nothing() => Assert.Equal(SignalScope.Fleet, ViewState.Parse("/?host=h1").Scope);

    [Theory]
    [InlineData("")]
    [InlineData("9y")]
    [InlineData("2026-11-23T12:00:00Z..2026-11-23T11:00:00Z")]
    [InlineData("..2026-11-23T11:00:00Z")]
    public void A_range_that_makes_no_sense_is_the_last_hour(string text) => Assert.Equal(TimeRange.Default, TimeRange.Parse(text));

    [Fact]
    public void A_fixed_range_is_cut_to_whole_seconds_and_may_not_be_empty()
    {
        Assert.Null(TimeRange.Between(Noon, Noon.AddMilliseconds(900)));
        Assert.Equal("2026-11-23T12:00:00Z..2026-11-23T12:30:00Z", TimeRange.Between(Noon.AddMilliseconds(3), Noon.AddMinutes(30))!.Text);
    }

    [Fact]
    public void A_host_key_of_any_shape_has_a_page_of_its_own() =>
        Assert.Equal("/fleet/prod/a%2Fb%20c?range=6h", new ViewState("prod", "x", TimeRange.Parse("6h")).HostHref("prod", "a/b c"));
}
