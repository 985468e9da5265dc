using NrdotConsole.App.Platform.Rings;
using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Fleet.Pages;
using NrdotConsole.App.Features.Telemetry;
using NrdotConsole.App.Features.Telemetry.Pages;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>A host's page, the metrics explorer and Ingest, on a store with real points: waiting, data, empty, unknown, failing.</summary>
public sealed class TelemetryPageStatesTests : PageTest
{
    readonly SeriesStore _store;
    readonly QueryEngine _engine;
    readonly TempDirectory _directory = new();
    readonly ConsoleDatabase _database;

    public TelemetryPageStatesTests()
    {
        _database = _directory.OpenDatabase(Time);
        Services.AddFeedback(_database);
        Services.AddSingleton(new RingAssignments(new RingStore(_database), Time));
        _store = new(new(), Time);
        _engine = new(_store);
        Services.AddSingleton(_store);
        Services.AddSingleton(new MetricLabels(_engine, Time));
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var port in (string[])["Console:HttpPort", "Otlp:HttpPort", "Otlp:GrpcPort"]) builder.Configuration[port] = "0";
        Ports.Configure(builder);
        Services.AddSingleton((Ports)builder.Services.Single(s => s.ServiceType == typeof(Ports)).ImplementationInstance!);
        // The agent's panel has services and tests of its own.
        ComponentFactories.AddStub<NrdotConsole.App.Features.Agents.Pages.AgentPanel>();
        OnCircuit();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _engine.Dispose();
        _store.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }

    /// <summary>A scrape of one process on host h-1 of tenant prod.</summary>
    void Send()
    {
        var writer = new OtlpWriter();
        writer.Resource([new("host.id", "h-1"), new("host.name", "db-1"), new("process.executable.name", "postgres"), new("process.owner", "postgres")]);
        writer.Scope();
        writer.Metric("process.memory.usage", MetricKind.Sum, "By", "", Temporality.Cumulative);
        writer.Number(new(0, (ulong)At.ToUnixTimeMilliseconds() * 1_000_000, false), 64e6);
        Assert.Equal(IngestStatus.Accepted, _store.Ingest(writer.Complete().Span, "prod").Status);
    }

    void Judge(decimal? usd = null, double? coverage = null) => Board.Fleet(new("prod", "h-1")).Publish(new(
        new("prod", "h-1"), At, 1, new Dictionary<HostHealth, int> { [HostHealth.Healthy] = 1 },
        [new("prod", "h-1", "db-1", HostHealth.Healthy, "", "0", "balanced", "linux", At, 1, null, usd, coverage, 0, null)]));

    IRenderedComponent<HostPage> Host() => Render<HostPage>(p => p.Add(x => x.Tenant, "prod").Add(x => x.Host, "h-1"));

    static IngestSummary Ingest(bool writable = true, params RefusalCount[] refusals) => new(
        At, 12, 5000, 90_000, 1, 400, 7000, new Dictionary<string, long> { ["200"] = 12 }, refusals, 0, 0, 100, 1_000_000, 90, 3,
        new(writable, writable ? null : "The disk is full. Free some space.", writable ? null : At.AddMinutes(-2), 1000, 2000, 3000, null),
        [new("web hosts", "", "http", "otelcol/0.120", 12, 5000, 0, At)]);

    [Fact]
    public void A_host_that_never_sent_here_is_told_apart_from_one_that_is_not_judged_yet()
    {
        Assert.Contains("This host has not sent here", Host().Find(".empty").TextContent);
        Send();
        var page = Host();
        Assert.Contains("Explore its metrics", page.Find(".page-head").TextContent);
        Assert.NotEmpty(page.FindAll(Waiting));
        Board.Fleet(new("prod", "h-1")).Publish(new(new("prod", "h-1"), At, 0, new Dictionary<HostHealth, int>(), []));
        Assert.Contains("Not judged yet", Host().Markup);
    }

    [Fact]
    public void A_host_shows_its_processes_and_what_is_unknown_of_it_as_such()
    {
        Send();
        Judge();
        Board.Overview(new("prod", "h-1")).Publish(new(new("prod", "h-1"), At, 1, 1, null, null, null, null, 1, 1, 0, 0, null, []));
        var page = Host();
        Assert.Contains("postgres", page.Find("section[aria-label=Processes] td.lead").TextContent);
        Assert.Contains("It does not say which processes it runs", page.Markup);
        Assert.Contains("This collector says nothing of itself", page.Markup);
        Assert.DoesNotContain("points a minute", page.Markup);
    }

    [Fact]
    public void The_explorer_without_metrics_says_how_to_begin()
    {
        Assert.Equal("/ingest", Render<ExplorePage>().Find(".empty a.btn").GetAttribute("href"));
    }

    [Fact]
    public void The_explorer_lists_what_came_and_draws_what_is_chosen()
    {
        Send();
        Assert.Equal("process.memory.usage", Render<ExplorePage>().Find("td.lead a.name").TextContent);
        Services.GetRequiredService<NavigationManager>().NavigateTo("/explore?metric=process.memory.usage");
        var page = Render<ExplorePage>();
        page.WaitForAssertion(() => Assert.Contains("host.name", page.FindAll("#label-keys option").Select(o => o.GetAttribute("value"))));
        Assert.Contains("process.memory.usage", page.Find("nr-chart").GetAttribute("spec"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/explore?metric=never.sent");
        Assert.Contains("Nothing by this name was received", Render<ExplorePage>().Markup);
    }

    [Fact]
    public void Ingest_waits_shows_who_sends_and_says_what_was_refused_and_how_to_mend_it()
    {
        Assert.NotEmpty(Render<IngestPage>().FindAll(Waiting));
        Board.Ingest.Publish(Ingest());
        var page = Render<IngestPage>();
        Assert.Contains("web hosts", page.Find("section[aria-label=Senders]").TextContent);
        Assert.Contains("Nothing was refused", page.Markup);
        Board.Ingest.Publish(Ingest(true, new RefusalCount(RefusalReason.SeriesLimit, 7)));
        var cells = Render<IngestPage>().FindAll("section[aria-label='Refused points'] tbody td").Select(c => c.TextContent).ToList();
        Assert.Equal("7", cells[1]);
        Assert.All(cells, Assert.NotEmpty);
    }

    [Fact]
    public void A_store_that_cannot_write_or_is_full_is_told_above_every_page()
    {
        var notice = Render<StoreNotice>();
        Board.Ingest.Publish(Ingest());
        Assert.Empty(Render<StoreNotice>().FindAll(".notice"));
        Board.Ingest.Publish(Ingest(writable: false));
        Assert.Contains("The disk is full. Free some space.", Render<StoreNotice>().Find("[role=alert]").TextContent);
        Assert.Contains("Not writable", Render<IngestPage>().Markup);
        Board.Ingest.Publish(Ingest() with { Series = 1_000_000 });
        Assert.Contains("as many series as it may: 1,000,000", Render<StoreNotice>().Find("[role=status]").TextContent);
        Assert.Empty(notice.FindAll("*"));
    }

    [Fact]
    public void A_part_of_a_page_that_fails_leaves_the_rest_standing()
    {
        Board.Ingest.Publish(Ingest() with { RequestsByStatus = null! });
        var page = Render<IngestPage>();
        Assert.Single(page.FindAll(".failed-panel"));
        Assert.Contains("web hosts", page.Markup);
    }
}
