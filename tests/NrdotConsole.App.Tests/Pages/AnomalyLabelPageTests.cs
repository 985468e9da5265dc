using Bunit;
using Dapper;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Anomalies.Pages;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>The Anomalies page as people say on it what verdicts were: who may, what it shows, what is kept.</summary>
public sealed class AnomalyLabelPageTests : PageTest
{
    readonly ConsoleDatabase _database;

    public AnomalyLabelPageTests()
    {
        _database = Owns(Owns(new TempDirectory()).OpenDatabase(Time));
        Services.AddFeedback(_database);
        Board.Anomalies(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, 0, 0, 3, new Dictionary<AnomalyLevel, int>(), [], []));
        Board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, 1, new Dictionary<HostHealth, int>(), [new("prod", "h-1", "db-1", HostHealth.Healthy, "", "", "", "linux", At, 1, null, null, null, 0, null)]));
        OnCircuit();
    }

    static AnomalyVerdict Verdict(long id, string executable = "postgres") => new(
        id, "prod", "h-1", "db-1", executable, "postgres", AnomalyLevel.High, 0.8, At.AddMinutes(-10), At.AddMinutes(-5), "cpu 8 times its usual", [new("EWMA", "cpu", 6, 3, true, false)], new Dictionary<string, double> { ["cpu"] = 0.8 });

    T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Signs somebody of that role in, with a session that holds.</summary>
    async Task SignInAsync(string role)
    {
        var user = (await Get<UserStore>().AddAsync(Actor.System, $"{role}-1", role, null, "issuer|" + role)).User!;
        var session = (await Get<SessionStore>().FindAsync(await Get<SessionStore>().CreateAsync(user.Id, "here", "test"), touch: false))!;
        User.SetAuthorized(user.Name);
        User.SetClaims([.. Principals.Of(session).Claims.Where(c => c.Type != System.Security.Claims.ClaimTypes.Name)]);
        User.SetPolicies([.. Roles.PermissionsOf(role)]);
    }

    async Task<IRenderedComponent<AnomaliesPage>> PageAsync(string role, params AnomalyVerdict[] verdicts)
    {
        await SignInAsync(role);
        await Get<VerdictStore>().AddAsync(verdicts);
        var page = Render<AnomaliesPage>();
        page.WaitForAssertion(() => Assert.Equal(verdicts.Length, page.FindAll("section[aria-label=History] .verdict").Count));
        return page;
    }

    /// <summary>Opens the first verdict, as a click or Enter on its summary does.</summary>
    static async Task OpenAsync(IRenderedComponent<AnomaliesPage> page)
    {
        await page.Find("section[aria-label=History] details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        page.WaitForElement(".label-form");
    }

    static AngleSharp.Dom.IElement Button(IRenderedComponent<AnomaliesPage> page, string text) => page.FindAll("button").First(b => b.TextContent.Trim() == text);

    static string Tile(IRenderedComponent<AnomaliesPage> page, string label) => page.FindAll(".kpi").First(k => k.QuerySelector(".label")!.TextContent == label).TextContent;

    [Fact]
    public async Task An_operator_says_what_a_verdict_was_and_it_shows_by_whom_at_once()
    {
        var page = await PageAsync(Roles.Operator, Verdict(1));
        Assert.Contains("Nobody has labelled", Tile(page, "False alarms"), StringComparison.Ordinal);
        await OpenAsync(page);
        await page.InvokeAsync(() => page.Find(".label-form input").Input("the nightly backup"));
        await Button(page, "False alarm").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Equal("False alarmoperator-1", page.Find("summary .said").TextContent.Trim()));
        Assert.Equal("true", Button(page, "False alarm").GetAttribute("aria-pressed"));
        page.WaitForAssertion(() => Assert.Contains("100 %of 1 labelled", Tile(page, "False alarms"), StringComparison.Ordinal));
        var label = (await Get<LabelStore>().OfAsync([1]))[1];
        Assert.Equal((AnomalyLabel.FalseAlarm, "the nightly backup", "operator-1"), (label.Label, label.Note, label.By));
        Assert.Equal("operator-1", Assert.Single((await Get<AuditLog>().ReadAsync(new(Action: "anomaly."), 0, 10)).Rows).Actor);
    }

    [Fact]
    public async Task A_label_is_changed_its_note_saved_and_it_is_cleared()
    {
        var page = await PageAsync(Roles.Operator, Verdict(1));
        await OpenAsync(page);
        await Button(page, "False alarm").ClickAsync(new());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".said")));
        await Button(page, "Real").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("Real", page.Find(".said").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find(".label-form input").Input("a leak"));
        await page.Find(".label-form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains(": a leak", page.Find(".said").GetAttribute("title"), StringComparison.Ordinal));
        await Button(page, "Clear the label").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".said")));
        Assert.Empty(await Get<LabelStore>().OfAsync([1]));
    }

    [Fact]
    public async Task A_viewer_sees_labels_and_is_offered_none()
    {
        await Get<VerdictStore>().AddAsync([Verdict(1)]);
        await Get<LabelStore>().SetAsync(new("ann", ActorKind.User), null, [1], AnomalyLabel.Real, "a leak");
        var page = await PageAsync(Roles.Viewer, Verdict(1));
        page.WaitForAssertion(() => Assert.Contains("Real, says ann", page.Find(".what-it-was").TextContent, StringComparison.Ordinal));
        await page.Find("section[aria-label=History] details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        Assert.Empty(page.FindAll(".label-form, .label-bulk, #report-missed"));
        Assert.Contains(": a leak", page.Find(".what-it-was").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_labelled_at_once()
    {
        var page = await PageAsync(Roles.Operator, Verdict(1), Verdict(2, "cron"), Verdict(3, "cron"));
        await Button(page, "Label several").ClickAsync(new());
        Assert.True(Button(page, "False alarm").HasAttribute("disabled"));
        foreach (var label in (string[])["Select cron on db-1", "Select postgres on db-1"]) await page.InvokeAsync(() => page.Find($"input[aria-label='{label}']").Change(true));
        Assert.Contains("2 selected", page.Find(".label-bulk").TextContent, StringComparison.Ordinal);
        await Button(page, "False alarm").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("2 verdicts labelled: false alarm", page.Find(".label-bulk").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".said").Count));
        Assert.Equal([1, 3], (await Get<LabelStore>().OfAsync([1, 2, 3])).Keys.Order());
    }

    [Fact]
    public async Task What_somebody_else_labels_shows_without_a_reload()
    {
        var page = await PageAsync(Roles.Viewer, Verdict(1), Verdict(2));
        await Get<LabelStore>().SetAsync(new("bob", ActorKind.User), null, [2], AnomalyLabel.Real, null);
        page.WaitForAssertion(() => Assert.Contains("bob", page.Find(".said").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("1of 2 verdicts", Tile(page, "Labelled"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whose_session_ended_labels_nothing_and_reads_why()
    {
        var page = await PageAsync(Roles.Operator, Verdict(1));
        await OpenAsync(page);
        await using (var connection = await _database.OpenAsync()) await connection.ExecuteAsync("DELETE FROM sessions");
        await Button(page, "Real").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("Your session has ended", page.Find(".notice.bad").TextContent, StringComparison.Ordinal));
        Assert.Empty(await Get<LabelStore>().OfAsync([1]));
    }

    [Fact]
    public async Task The_history_is_narrowed_to_what_waits_for_a_label()
    {
        await SignInAsync(Roles.Operator);
        await Get<VerdictStore>().AddAsync([Verdict(1), Verdict(2)]);
        await Get<LabelStore>().SetAsync(new("ann", ActorKind.User), null, [1], AnomalyLabel.Real, null);
        Get<NavigationManager>().NavigateTo("/anomalies?label=None");
        var page = Render<AnomaliesPage>();
        page.WaitForAssertion(() => Assert.Contains("1–1 of 1", page.Find(".table-foot").TextContent, StringComparison.Ordinal));
        Assert.Equal("Not labelled", page.Find("[aria-label=Label] [aria-current=true]").TextContent);
    }

    [Fact]
    public async Task A_missed_anomaly_is_reported_and_shows_in_the_list_and_the_rate()
    {
        var page = await PageAsync(Roles.Operator, Verdict(1));
        await page.Find("#report-missed").ClickAsync(new());
        await page.InvokeAsync(() => page.FindAll(".missed-form input")[0].Change("db-1"));
        await page.InvokeAsync(() => page.FindAll(".missed-form input")[1].Change("nginx"));
        await page.Find(".missed-form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("nginx", page.Find("section[aria-label='Missed anomalies'] tbody").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".missed-form"));
        page.WaitForAssertion(() => Assert.Contains("0 %of 1 known", Tile(page, "Detection rate"), StringComparison.Ordinal));
        var missed = Assert.Single((await Get<MissedStore>().PageAsync(SignalScope.Fleet, null, null, new(0, 10))).Items);
        Assert.Equal(("h-1", At.AddMinutes(-15), At), (missed.HostKey, missed.From, missed.To));
    }

    [Fact]
    public async Task A_report_that_cannot_be_keeps_the_form_and_says_what_is_wrong()
    {
        var page = await PageAsync(Roles.Operator, Verdict(1));
        await page.Find("#report-missed").ClickAsync(new());
        await page.InvokeAsync(() => page.FindAll(".missed-form input")[0].Change("nowhere"));
        await page.InvokeAsync(() => page.FindAll(".missed-form input")[1].Change("nginx"));
        await page.Find(".missed-form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("host 'nowhere' is not valid", page.Find(".field-error").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll(".missed-form input")[0].Change("db-1"));
        await page.InvokeAsync(() => page.FindAll(".missed-form input")[1].Change("postgres"));
        await page.Find(".missed-form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("It was not missed. Verdict 1", page.Find(".field-error").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_from_a_host_opens_the_form_with_that_host()
    {
        await SignInAsync(Roles.Operator);
        Board.Fleet(new("prod")).Publish(Board.Fleet(SignalScope.Fleet).Current! with { Scope = new("prod") });
        Board.Anomalies(new("prod", "h-1")).Publish(new(new("prod", "h-1"), At, 0, 0, 3, new Dictionary<AnomalyLevel, int>(), [], []));
        Get<NavigationManager>().NavigateTo("/anomalies?report=1");
        var page = Render<AnomaliesPage>(p => p.AddCascadingValue(new App.Shell.ViewState("prod", "h-1", App.Shell.TimeRange.Default)));
        page.WaitForAssertion(() => Assert.Equal("db-1", page.Find(".missed-form input").GetAttribute("value")));
    }

    [Fact]
    public async Task Labels_that_cannot_be_read_are_told_and_the_verdicts_stand()
    {
        await SignInAsync(Roles.Operator);
        Board.Anomalies(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, 1, 0, 3, new Dictionary<AnomalyLevel, int>(), [Verdict(1)], []));
        await using (var connection = await _database.OpenAsync()) await connection.ExecuteAsync("ALTER TABLE anomaly_labels RENAME TO away");
        var page = Render<AnomaliesPage>();
        page.WaitForAssertion(() => Assert.Contains("The labels cannot be read", page.Find("section[aria-label='Open now']").TextContent, StringComparison.Ordinal));
        Assert.Contains("cpu 8 times its usual", page.Find("section[aria-label='Open now']").TextContent, StringComparison.Ordinal);
        Assert.Contains("unknown", Tile(page, "False alarms"), StringComparison.Ordinal);
    }
}
