using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Validation;

/// <summary>Day-1 validation and the Ansible inventory over REST, as programs ask for them.</summary>
public sealed class ValidationApiTests : IAsyncLifetime
{
    static readonly HostIdentity[] s_hosts = [new("prod", "i-1", "web-1", "linux"), new("prod", "i-2", "web-2", "linux"), new("lab", "i-3", "bench", "linux")];

    readonly ConsoleHost _host = ConsoleHost.WithAdmin();
    HttpClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = _host.Program();
        await _host.Get<RingAssignments>().SeeAsync(_host.Get<DesiredStates>().Current.Rings, s_hosts);
        var now = _host.Time.GetUtcNow();
        Publish(SignalScope.Fleet, s_hosts.Select(Row));
        Publish(new("prod", null), s_hosts.Where(h => h.Tenant == "prod").Select(Row));
        HostRow Row(HostIdentity host) => new(host.Tenant, host.Key, host.Name, HostHealth.Healthy, "", "", "", host.Os, now, 100, 10, 0.01m, 1, 0,
            new(Acceptance: 0.9, DroppedPerSecond: 0, SendFailedPerSecond: 0, QueueShare: 0.1, MemoryRssBytes: null, CpuShare: 0.01, Uptime: null, Version: null, At: now) { AcceptedPerSecond = 90, RefusedPerSecond = host.Key == "i-1" ? 10 : 0 });
    }

    void Publish(SignalScope scope, IEnumerable<HostRow> rows)
    {
        List<HostRow> all = [.. rows];
        _host.Get<SignalBoard>().Fleet(scope).Publish(new(scope, _host.Time.GetUtcNow(), all.Count, new Dictionary<HostHealth, int> { [HostHealth.Healthy] = all.Count }, all));
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<HttpClient> LimitedAsync(params string[] scopes)
    {
        var (secret, fault) = await _host.Get<ApiTokenStore>().CreateAsync(new("admin", ActorKind.User), 1, "limited", scopes, new HashSet<string> { "prod" }, null);
        Assert.Null(fault);
        return _host.Program(secret!);
    }

    static JsonElement Check(JsonElement report, string key) => report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("key").GetString() == key);

    [Fact]
    public async Task A_report_has_each_checks_verdict_value_bound_and_the_hosts_that_fail_it()
    {
        var report = await _api.GetFromJsonAsync<JsonElement>("/api/v1/validation");
        Assert.Equal("fail", report.GetProperty("verdict").GetString());
        var acceptance = Check(report, "acceptance");
        Assert.Equal(("fail", 3, 1), (acceptance.GetProperty("verdict").GetString(), acceptance.GetProperty("hosts").GetInt32(), acceptance.GetProperty("failing").GetInt32()));
        Assert.Equal("web-1", acceptance.GetProperty("findings")[0].GetProperty("name").GetString());
        Assert.Equal(0.95, acceptance.GetProperty("bound").GetProperty("atLeast").GetDouble());
        Assert.Equal("pass", Check(report, "queue").GetProperty("verdict").GetString());
        Assert.Equal("unknown", Check(report, "reduction").GetProperty("verdict").GetString());
        var one = await _api.GetFromJsonAsync<JsonElement>("/api/v1/validation?scope=host:prod/i-2");
        Assert.Equal(("pass", 1), (Check(one, "acceptance").GetProperty("verdict").GetString(), one.GetProperty("facts").GetProperty("hosts").GetInt32()));
    }

    [Fact]
    public async Task A_ring_holds_its_own_hosts()
    {
        var ring = _host.Get<RingAssignments>().RingOf("prod", "i-1");
        var report = await _api.GetFromJsonAsync<JsonElement>($"/api/v1/validation?ring={ring}");
        Assert.Equal(_host.Get<RingAssignments>().Members.Values.Count(m => m.Ring == ring), report.GetProperty("facts").GetProperty("hosts").GetInt32());
    }

    [Theory]
    [InlineData("?scope=nonsense", HttpStatusCode.BadRequest)]
    [InlineData("?ring=99", HttpStatusCode.BadRequest)]
    [InlineData("?ring=four", HttpStatusCode.BadRequest)]
    [InlineData("?scope=host:prod/nobody", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_judged_is_refused_in_words(string query, HttpStatusCode status)
    {
        using var answer = await _api.GetAsync("/api/v1/validation" + query);
        Assert.Equal(status, answer.StatusCode);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString()!);
    }

    [Fact]
    public async Task A_token_for_tenants_sees_theirs_alone()
    {
        using var limited = await LimitedAsync(Permissions.TelemetryRead, Permissions.ConfigRead);
        foreach (var path in new[] { "/api/v1/validation", "/api/v1/validation?scope=tenant:lab", "/api/v1/inventory/ansible?tenant=lab", "/api/v1/inventory/ansible/lab/i-3/config" })
        {
            using var refused = await limited.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, refused.StatusCode));
        }
        Assert.Equal(2, (await limited.GetFromJsonAsync<JsonElement>("/api/v1/validation?scope=tenant:prod")).GetProperty("facts").GetProperty("hosts").GetInt32());
        var inventory = (await limited.GetFromJsonAsync<JsonElement>("/api/v1/inventory/ansible")).ToString();
        Assert.Contains("web-1", inventory);
        Assert.DoesNotContain("bench", inventory);
        using var nobody = _host.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/v1/validation")).StatusCode);
    }

    [Fact]
    public async Task The_inventory_names_every_host_and_each_ones_configuration_comes_with_its_hash()
    {
        var inventory = await _api.GetFromJsonAsync<JsonElement>("/api/v1/inventory/ansible");
        Assert.Equal(3, inventory.GetProperty("_meta").GetProperty("hostvars").EnumerateObject().Count());
        using var config = await _api.GetAsync("/api/v1/inventory/ansible/prod/web-1/config");
        Assert.Equal((HttpStatusCode.OK, "application/yaml"), (config.StatusCode, config.Content.Headers.ContentType?.MediaType));
        Assert.Contains("receivers:", await config.Content.ReadAsStringAsync());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/inventory/ansible/prod/i-1/config");
        again.Headers.TryAddWithoutValidation("If-None-Match", config.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await _api.SendAsync(again)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/v1/inventory/ansible/prod/nobody/config")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.GetAsync("/api/v1/inventory/ansible?limit=-1")).StatusCode);
    }
}
