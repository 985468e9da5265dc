using Bunit;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Agents.Pages;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Changes.Pages;
using NrdotConsole.App.Features.Experiments;
using NrdotConsole.App.Features.Experiments.Pages;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Features.Flags.Pages;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Changes, Flags, Experiments and Agents on a real repository and database: empty, data, failing, and by whom.</summary>
public sealed class SteerPagesTests : SteerPageTest
{
    public SteerPagesTests()
    {
        AddFlags();
        Services.AddSingleton<FeedbackStore>();
        Services.AddSingleton<ExperimentStore>();
        Services.AddSingleton<ExperimentReader>();
        Services.AddSingleton<AgentBoard>();
        As(Permissions.ConfigRead, Permissions.ConfigWrite, Permissions.ChangesApprove, Permissions.CostRead);
        OnCircuit();
    }

    /// <summary>A damaged database: a table is gone.</summary>
    async Task LoseAsync(string table)
    {
        await using var connection = await World.Database.OpenAsync();
        await connection.ExecuteAsync($"DROP TABLE {table}");
    }

    [Fact]
    public async Task The_inbox_says_what_a_change_begins_with_while_there_is_none()
    {
        await Changes.RefreshAsync();
        Says(Settled<ChangesPage>(), "A change begins with an edit of the configuration");
    }

    [Fact]
    public async Task The_inbox_shows_what_waits_for_whom()
    {
        await World.WithAsync("ann", "bob");
        await World.ValidatedAsync("bob");
        await World.DraftAsync("ann");
        await Changes.RefreshAsync();
        var page = Settled<ChangesPage>();
        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Says(page, "waits for approval");
        Assert.Equal(["Needs my approval1", "Rolling and queued", "Mine1", "Recent"], page.FindAll(".seg button").Select(b => b.TextContent));
    }

    [Fact]
    public async Task Who_may_only_look_is_offered_no_new_change_and_no_new_flag()
    {
        As(Permissions.ConfigRead);
        await Changes.RefreshAsync();
        Assert.Empty(Settled<ChangesPage>().FindAll(".page-head .btn"));
        Assert.Empty(Settled<FlagsPage>().FindAll(".page-head .btn"));
        Assert.Empty(Settled<AgentsPage>().FindAll("form"));
    }

    [Fact]
    public async Task Flags_show_how_many_hosts_have_each_and_follow_hosts_that_come()
    {
        await SeeAsync(100);
        var page = Settled<FlagsPage>();
        Assert.Equal(World.States.Current.Flags.Flags.Select(f => f.Key), page.FindAll("tbody .name").Select(n => n.TextContent));
        Says(page, "of 100");
        await SeeAsync(120);
        Time.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Says(page, "of 120"));
    }

    [Fact]
    public async Task A_flag_is_evaluated_for_the_hosts_once_until_hosts_flags_or_trips_change()
    {
        await SeeAsync(50);
        var (reached, live, key) = (Services.GetRequiredService<FlagReached>(), Services.GetRequiredService<LiveFlags>(), World.States.Current.Flags.Flags.First(f => f.Enabled).Key);
        var first = reached.Of(key);
        Assert.Same(first, reached.Of(key));
        await SeeAsync(500);
        var more = reached.Of(key);
        Assert.True(more.Count > first.Count);
        live.Trips = new Dictionary<string, FlagTrip> { [key] = new(key, At, "coverage.score", 0.5, "at least 0.9", null) };
        Assert.Empty(reached.Of(key));
    }

    [Fact]
    public async Task Flags_that_cannot_be_read_say_so_and_offer_another_try()
    {
        await LoseAsync("flag_use");
        var page = Settled<FlagsPage>();
        Says(page, "The flags cannot be read");
        Assert.NotNull(page.Find(".failed-panel button"));
    }

    [Fact]
    public async Task The_shipped_experiment_says_that_its_first_look_is_to_come_and_failing_says_so()
    {
        var page = Settled<ExperimentsPage>();
        Says(page, "ewma-anomaly-detection");
        Says(page, "It has not begun.");
        await LoseAsync("experiment_runs");
        Says(Settled<ExperimentsPage>(), "The experiments cannot be read");
    }

    [Fact]
    public async Task Agents_say_how_they_come_while_there_is_none_and_stand_by_host_once_there_are()
    {
        Says(Settled<AgentsPage>(), "No agent has connected yet");
        await DisposeComponentsAsync();
        Time.Advance(TimeSpan.FromSeconds(10));
        World.Agents.Add(new(Guid.NewGuid(), new Agent(Guid.NewGuid().ToString(), "prod", "i-1", "web-1") { Connected = true, LastSeen = At, Error = "no such exporter", Status = Protocol.OpAmp.RemoteConfigStatuses.Failed, AssignedHash = "abcdef0123456789", ReportedHash = "abcdef0123456789" }));
        var page = Settled<AgentsPage>();
        page.WaitForAssertion(() => Says(page, "1 of 1 agents, 1 connected"));
        page.WaitForAssertion(() => Says(page, "no such exporter"));
    }
}
