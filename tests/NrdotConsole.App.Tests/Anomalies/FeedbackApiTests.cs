using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Prometheus;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.App.Tests.Prometheus;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Anomalies;

/// <summary>Labels and reports through the front door: who may, what is answered, what is refused.</summary>
public sealed class FeedbackApiTests : IAsyncLifetime
{
    readonly ConsoleHost _host = ConsoleHost.WithAdmin();
    HttpClient _admin = default!;

    DateTimeOffset Now => _host.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _admin = _host.Program();
        await _host.Get<VerdictStore>().AddAsync([Verdict(1, "prod"), Verdict(2, "lab")]);
        _host.Get<SignalBoard>().Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, Now, 1, new Dictionary<HostHealth, int>(), [new("prod", "h1", "web-1", HostHealth.Healthy, "", "", "", "linux", Now, 100, 100, 0.01m, 1, 0, null)]));
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    AnomalyVerdict Verdict(long id, string tenant) => new(id, tenant, "h1", "web-1", "java", "app", AnomalyLevel.High, 0.7, Now.AddMinutes(-30), Now.AddMinutes(-20), "cpu 90 %", [], new Dictionary<string, double>());

    async Task<HttpClient> TokenAsync(IReadOnlySet<string>? tenants, params string[] scopes) =>
        _host.Program((await _host.Get<ApiTokenStore>().CreateAsync(new("admin", ActorKind.User), 1, $"token {Guid.NewGuid():n}", scopes, tenants, null)).Item1!);

    static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    [Fact]
    public async Task A_label_is_put_read_with_the_verdict_counted_and_deleted()
    {
        var answer = await _admin.PutAsJsonAsync("api/v1/anomalies/1/label", new { label = "falseAlarm", note = "the backup" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("falseAlarm", (await BodyAsync(answer)).GetProperty("label").GetString());
        var items = (await _admin.GetFromJsonAsync<JsonElement>("api/v1/anomalies?label=falsealarm")).GetProperty("items");
        Assert.Equal("the backup", Assert.Single(items.EnumerateArray()).GetProperty("label").GetProperty("note").GetString());
        var rates = await _admin.GetFromJsonAsync<JsonElement>("api/v1/anomalies/feedback?tenant=prod");
        Assert.Equal((1, 1.0), (rates.GetProperty("labelled").GetInt32(), rates.GetProperty("falsePositiveShare").GetDouble()));
        Assert.Equal(JsonValueKind.Null, rates.GetProperty("detectionRate").ValueKind);
        Assert.InRange(rates.GetProperty("falsePositiveInterval").GetProperty("low").GetDouble(), 0.1, 0.3);
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.DeleteAsync("api/v1/anomalies/1/label")).StatusCode);
        Assert.False((await _admin.GetFromJsonAsync<JsonElement>("api/v1/anomalies?tenant=prod")).GetProperty("items")[0].TryGetProperty("label", out _));
    }

    [Fact]
    public async Task What_is_wrong_is_answered_with_what_would_be_right()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _admin.PutAsJsonAsync("api/v1/anomalies/99/label", new { label = "real" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _admin.DeleteAsync("api/v1/anomalies/99/label")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _admin.PutAsJsonAsync("api/v1/anomalies/1/label", new { label = "maybe" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _admin.PutAsJsonAsync("api/v1/anomalies/1/label", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _admin.GetAsync("api/v1/anomalies?label=perhaps")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _admin.DeleteAsync("api/v1/anomalies/missed/5")).StatusCode);
    }

    [Fact]
    public async Task A_miss_is_reported_listed_refused_twice_and_taken_back()
    {
        var report = new { host = "web-1", executable = "nginx", from = "now-2h", to = "now-1h", note = "502s" };
        var answer = await _admin.PostAsJsonAsync("api/v1/anomalies/missed", report);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await BodyAsync(answer)).GetProperty("id").GetInt64();
        Assert.Equal(HttpStatusCode.Conflict, (await _admin.PostAsJsonAsync("api/v1/anomalies/missed", report)).StatusCode);
        Assert.Contains("Verdict 1", await (await _admin.PostAsJsonAsync("api/v1/anomalies/missed", new { host = "h1", executable = "java", from = "now-1h", to = "now" })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var wrong = await _admin.PostAsJsonAsync("api/v1/anomalies/missed", new { host = "nowhere", from = "soon" });
        Assert.Equal(["executable", "from", "host", "to"], (await BodyAsync(wrong)).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
        Assert.Equal(1, (await _admin.GetFromJsonAsync<JsonElement>("api/v1/anomalies/missed?from=now-1d")).GetProperty("total").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.DeleteAsync($"api/v1/anomalies/missed/{id}")).StatusCode);
    }

    [Fact]
    public async Task Who_may_only_read_sees_labels_and_alters_none()
    {
        var viewer = await TokenAsync(null, Permissions.TelemetryRead);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PutAsJsonAsync("api/v1/anomalies/1/label", new { label = "real" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.DeleteAsync("api/v1/anomalies/1/label")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync("api/v1/anomalies/missed", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.DeleteAsync("api/v1/anomalies/missed/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("api/v1/anomalies/missed")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("api/v1/anomalies/feedback")).StatusCode);
    }

    [Fact]
    public async Task Verdicts_of_tenants_that_one_may_not_see_are_not_there()
    {
        var lab = await TokenAsync(new HashSet<string> { "lab" }, Permissions.TelemetryRead, Permissions.AnomaliesLabel);
        Assert.Equal(HttpStatusCode.NotFound, (await lab.PutAsJsonAsync("api/v1/anomalies/1/label", new { label = "real" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await lab.PutAsJsonAsync("api/v1/anomalies/2/label", new { label = "real" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.GetAsync("api/v1/anomalies/feedback")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await lab.GetAsync("api/v1/anomalies/feedback?tenant=lab")).StatusCode);
    }

    [Fact]
    public void Operators_may_label_and_viewers_and_managers_may_not()
    {
        Assert.Contains(Permissions.AnomaliesLabel, Roles.PermissionsOf(Roles.Operator));
        Assert.DoesNotContain(Permissions.AnomaliesLabel, Roles.PermissionsOf(Roles.Manager));
        Assert.DoesNotContain(Permissions.AnomaliesLabel, Roles.PermissionsOf(Roles.Viewer));
    }

    [Fact]
    public async Task Metrics_tell_the_rates_by_tenant_and_nothing_where_nobody_labelled()
    {
        await _host.Get<LabelStore>().SetAsync(FeedbackWorld.Ann, null, [1], AnomalyLabel.FalseAlarm, null);
        var gauges = _host.Get<FeedbackGauges>();
        await gauges.ReadAsync();
        var text = new PrometheusText();
        gauges.Write(text);
        Assert.Contains("nrdot_anomaly_false_positive_ratio{tenant=\"prod\"} 1\n", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("nrdot_anomaly_false_positive_ratio{tenant=\"lab\"}", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("nrdot_anomaly_verdicts{tenant=\"lab\",label=\"none\"} 1\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("nrdot_anomaly_false_positive_ratio{tenant=\"prod\"} 1\n", await _admin.GetStringAsync("metrics"), StringComparison.Ordinal);
        Promtool.Accepts(text.ToString());
    }
}
