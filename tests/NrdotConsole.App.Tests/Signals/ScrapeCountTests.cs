using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Tests.Signals;

/// <summary>What a row tells of the newest scrape: gates judge a change by it, long before coverage and active series follow.</summary>
public sealed class ScrapeCountTests : IDisposable
{
    readonly SignalWorld _world = new();

    public void Dispose() => _world.Dispose();

    HostRow Row => _world.Board.Fleet(SignalWorld.Prod).Current!.Rows.Single();

    void Minutes(int minutes, params string[] executables) => _world.Run(minutes * 60, second =>
    {
        if (second % 60 != 0) return;
        _world.Scrape("prod", "h1", [.. executables.Select(e => (e, 5.0, 1e8))]);
        if (second % 300 == 0) _world.Inventory("prod", "h1", "postgres", "mysqld", "nginx");
    });

    [Fact]
    public void A_critical_process_that_is_no_longer_sent_is_missed_after_one_scrape_while_coverage_still_waits()
    {
        Minutes(6, "postgres", "mysqld", "nginx");
        Assert.Equal((2, 2, 6, 6), (Row.CriticalKnown, Row.CriticalReporting, Row.SeriesInScrape, Row.ProcessSeriesInScrape));
        var minted = Row.SeriesMinted;
        Minutes(2, "postgres", "nginx");
        Assert.Equal((2, 1, 4), (Row.CriticalKnown, Row.CriticalReporting, Row.SeriesInScrape));
        Assert.Equal(1.0, _world.Board.Coverage(SignalWorld.Prod).Current!.Critical);
        Assert.Equal(minted, Row.SeriesMinted);
    }

    [Fact]
    public void Series_that_begin_are_minted_and_an_inventory_is_none_of_them()
    {
        Minutes(6, "postgres");
        var minted = Row.SeriesMinted;
        Minutes(2, "postgres", "java");
        Assert.Equal(2, Row.SeriesMinted - minted);
    }
}
