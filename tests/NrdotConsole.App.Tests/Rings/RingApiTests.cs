using NrdotConsole.App.Platform.Rings;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Tests.Rings;

public sealed class RingApiTests : IAsyncLifetime
{
    readonly ConsoleHost _host = ConsoleHost.WithAdmin();
    readonly HttpClient _api;

    public RingApiTests() => _api = _host.Program();

    public async ValueTask InitializeAsync() => await _host.Get<RingAssignments>().SeeAsync(
        _host.Get<DesiredStates>().Current.Rings, [.. Enumerable.Range(0, 100).Select(i => new HostIdentity(i < 60 ? "prod" : "dev", $"i-{i:000}", $"host-{i:000}"))], TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _host.DisposeAsync();
    }

    async Task<HttpClient> LimitedAsync(string tenant)
    {
        var (secret, fault) = await _host.Get<ApiTokenStore>().CreateAsync(Actor.System, 1, "limited", [Permissions.ConfigRead, Permissions.ConfigWrite], new HashSet<string> { tenant }, null);
        Assert.Null(fault);
        return _host.Program(secret!);
    }

    static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.True(expected == answer.StatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    [Fact]
    public async Task The_plan_comes_with_its_hosts_in_the_order_of_a_rollout()
    {
        var plan = await _api.GetFromJsonAsync<JsonElement>("api/v1/rings");
        Assert.Equal([4, 3, 2, 1, 0], plan.GetProperty("rings").EnumerateArray().Select(r => r.GetProperty("id").GetInt32()));
        Assert.Equal([5, 15, 20, 20, 40], plan.GetProperty("rings").EnumerateArray().Select(r => r.GetProperty("hosts").GetInt32()));
        Assert.Equal([5, 15, 20, 20, 40], plan.GetProperty("rings").EnumerateArray().Select(r => r.GetProperty("target").GetInt32()));
        Assert.Equal((100, 0), (plan.GetProperty("hosts").GetInt32(), plan.GetProperty("offTarget").GetInt32()));
        var hosts = await _api.GetFromJsonAsync<JsonElement>("api/v1/rings/3/hosts?limit=4&offset=8");
        Assert.Equal((4, 15, 12), (hosts.GetProperty("items").GetArrayLength(), hosts.GetProperty("total").GetInt32(), hosts.GetProperty("next").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("api/v1/rings/9/hosts")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.GetAsync("api/v1/rings/3/hosts?limit=0")).StatusCode);
    }

    [Fact]
    public async Task A_preview_names_who_moves_and_keeps_nothing_and_the_change_says_the_same()
    {
        var head = _host.Get<ConfigRepository>().Head;
        var body = new { shares = new Dictionary<string, decimal> { ["0"] = 0.3m, ["4"] = 0.15m }, reason = "more hosts go first" };
        var preview = await JsonAsync(await _api.PostAsJsonAsync("api/v1/rings/preview?limit=3", body), HttpStatusCode.OK);
        Assert.Equal((10, 3, 3), (preview.GetProperty("moves").GetInt32(), preview.GetProperty("moved").GetArrayLength(), preview.GetProperty("next").GetInt32()));
        Assert.All(preview.GetProperty("moved").EnumerateArray(), m => Assert.Equal((0, 4), (m.GetProperty("from").GetInt32(), m.GetProperty("to").GetInt32())));
        Assert.Equal(10, preview.GetProperty("tenants").EnumerateObject().Sum(t => t.Value.GetInt32()));
        Assert.Equal([40, 20, 20, 15, 5], preview.GetProperty("rings").EnumerateArray().Select(r => r.GetProperty("before").GetInt32()));
        Assert.Equal([30, 20, 20, 15, 15], preview.GetProperty("rings").EnumerateArray().Select(r => r.GetProperty("after").GetInt32()));

        var answer = await _api.PostAsJsonAsync("api/v1/rings", body);
        var change = await JsonAsync(answer, HttpStatusCode.Created);
        Assert.Equal($"/api/v1/changes/{change.GetProperty("id").GetInt64()}", answer.Headers.Location!.ToString());
        Assert.Equal(("ring", "validated"), (change.GetProperty("kind").GetString(), change.GetProperty("state").GetString()));
        Assert.Equal(head, _host.Get<ConfigRepository>().Head);
        Assert.Equal(5, _host.Get<RingAssignments>().Members.Values.Count(m => m.Ring == 4));
        var details = await _api.GetFromJsonAsync<JsonElement>(answer.Headers.Location);
        Assert.Equal(10, details.GetProperty("dryRun").GetProperty("ringMoves").GetInt32());
    }

    [Fact]
    public async Task Applied_over_rest_it_moves_them()
    {
        var body = new { pins = new Dictionary<string, int> { ["i-000"] = 4, ["i-099"] = 3 }, exclusions = new[] { "i-001" }, reason = "the ledger goes last" };
        var id = (await JsonAsync(await _api.PostAsJsonAsync("api/v1/rings", body), HttpStatusCode.Created)).GetProperty("id").GetInt64();
        // The one account that may approve is the author's own.
        await JsonAsync(await _api.PostAsJsonAsync($"api/v1/changes/{id}/approve", new { }), HttpStatusCode.OK);
        Assert.Equal("applied", (await JsonAsync(await _api.PostAsJsonAsync($"api/v1/changes/{id}/start", new { }), HttpStatusCode.OK)).GetProperty("state").GetString());
        var rings = _host.Get<RingAssignments>();
        var moved = new TaskCompletionSource();
        rings.Changed += () => moved.TrySetResult();
        if (rings.RingOf("prod", "i-000") != 4) await moved.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal((4, 3), (rings.RingOf("prod", "i-000"), rings.RingOf("dev", "i-099")));
        var plan = await _api.GetFromJsonAsync<JsonElement>("api/v1/rings");
        Assert.Equal(["i-001"], plan.GetProperty("exclusions").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task Faults_name_the_field_and_what_it_may_hold()
    {
        foreach (var path in new[] { "api/v1/rings/preview", "api/v1/rings" })
        {
            var answer = await JsonAsync(await _api.PostAsJsonAsync(path, new { shares = new Dictionary<string, decimal> { ["0"] = 0.3m }, reason = "x" }), HttpStatusCode.BadRequest);
            Assert.Contains("add 0.1", answer.GetProperty("errors").GetProperty("shares")[0].GetString(), StringComparison.Ordinal);
        }
        var reasonless = await JsonAsync(await _api.PostAsJsonAsync("api/v1/rings", new { order = new[] { 0, 1, 2, 3, 4 } }), HttpStatusCode.BadRequest);
        Assert.True(reasonless.GetProperty("errors").TryGetProperty("reason", out _));
        using var garbled = new StringContent("{\"shares\": {\"x\": 1}}", System.Text.Encoding.UTF8, "application/json");
        await JsonAsync(await _api.PostAsync("api/v1/rings/preview", garbled), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Who_is_limited_to_a_tenant_sees_its_hosts_and_alters_nothing()
    {
        using var dev = await LimitedAsync("dev");
        var plan = await dev.GetFromJsonAsync<JsonElement>("api/v1/rings");
        Assert.Equal(40, plan.GetProperty("hosts").GetInt32());
        var hosts = await dev.GetFromJsonAsync<JsonElement>("api/v1/rings/0/hosts?limit=1000");
        Assert.All(hosts.GetProperty("items").EnumerateArray(), h => Assert.Equal("dev", h.GetProperty("tenant").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await dev.GetAsync("api/v1/rings/0/hosts?tenant=prod")).StatusCode);
        var body = new { order = new[] { 0, 1, 2, 3, 4 }, shares = new Dictionary<string, decimal> { ["0"] = 0m, ["4"] = 0.45m }, reason = "x" };
        var preview = await JsonAsync(await dev.PostAsJsonAsync("api/v1/rings/preview?limit=1000", body), HttpStatusCode.OK);
        Assert.All(preview.GetProperty("moved").EnumerateArray(), h => Assert.Equal("dev", h.GetProperty("tenant").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await dev.PostAsJsonAsync("api/v1/rings", body)).StatusCode);
    }
}
