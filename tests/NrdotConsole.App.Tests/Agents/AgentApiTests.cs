using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Rollouts;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>Agents over REST, in the whole console: OpAMP comes in by the console's own port.</summary>
public sealed class AgentApiTests : IDisposable
{
    const string Enrolment = "nre_0123456789abcdefghij";

    readonly ConsoleHost _console = ConsoleHost.WithAdmin(("OpAmp:BootstrapToken", Enrolment));
    readonly HttpClient _api;
    readonly Guid _uid = Guid.CreateVersion7();
    ulong _number;

    public AgentApiTests() => _api = _console.Program();

    public void Dispose()
    {
        _api.Dispose();
        _console.Dispose();
    }

    async Task<ServerToAgent> TellAsync(AgentToServer message)
    {
        using var http = _console.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/opamp") { Content = new ByteArrayContent(OpAmpCodec.Write(message with { SequenceNum = ++_number }, webSocket: false)) };
        request.Content.Headers.ContentType = new(OpAmpCodec.ContentType);
        request.Headers.Authorization = new("Bearer", Enrolment);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return OpAmpCodec.ReadServerToAgent(await answer.Content.ReadAsByteArrayAsync(), out _)!;
    }

    Task<ServerToAgent> ArriveAsync() => TellAsync(Told.First(_uid, can: Told.Steered | AgentCapabilities.AcceptsRestartCommand));

    Task SettleAsync() => _console.Get<Newcomers>().GreetAsync();

    Task<JsonElement> GetAsync(string path) => _api.GetFromJsonAsync<JsonElement>(path);

    [Fact]
    public async Task Agents_are_listed_filtered_and_shown_with_their_parts()
    {
        await ArriveAsync();
        await TellAsync(new(_uid) { Health = new(false) { LastError = "down", Parts = new Dictionary<string, ComponentHealth> { ["pipeline:metrics"] = new(false) { Status = "StatusRecoverableError" } } } });
        var row = Assert.Single((await GetAsync("/api/v1/agents?q=web&connected=true&healthy=false&drift=false")).GetProperty("items").EnumerateArray());
        Assert.Equal((_uid.ToString(), "web-1", "id-of-web-1"), (Text(row, "instanceUid"), Text(row, "hostName"), Text(row, "hostKey")));
        Assert.Equal(0, (await GetAsync("/api/v1/agents?state=failed")).GetProperty("total").GetInt32());
        var one = await GetAsync($"/api/v1/agents/{_uid}");
        Assert.Equal("linux", Text(one.GetProperty("details").GetProperty("nonIdentifying"), "os.type"));
        Assert.Equal("pipeline:metrics", Text(one.GetProperty("details").GetProperty("health").GetProperty("parts")[0], "name"));
        using var wrong = await _api.GetAsync("/api/v1/agents?state=fine&drift=perhaps");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var unknown = await _api.GetAsync($"/api/v1/agents/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_newcomer_is_assigned_what_main_desires_and_its_three_configurations_stand_side_by_side()
    {
        await ArriveAsync();
        Assert.Equal("unassigned", Text((await GetAsync($"/api/v1/agents/{_uid}/config")), "state"));
        await SettleAsync();
        var offer = (await TellAsync(new(_uid))).RemoteConfig!;
        await TellAsync(new(_uid) { RemoteConfigStatus = new(offer.Hash, RemoteConfigStatuses.Applied), EffectiveConfig = offer.Config });
        var config = await GetAsync($"/api/v1/agents/{_uid}/config");
        Assert.Equal(Text(config.GetProperty("desired"), "hash"), Text(config.GetProperty("assigned"), "hash"));
        Assert.Equal(Text(config.GetProperty("desired"), "yaml"), Text(config.GetProperty("effective"), "yaml"));
        Assert.Contains("memory_limiter", Text(config.GetProperty("desired"), "yaml"));
        Assert.Equal(("configApplied", 0, false), (Text(config, "state"), config.GetProperty("drift").GetArrayLength(), config.GetProperty("desiredDiffers").GetBoolean()));
    }

    [Fact]
    public async Task Revert_restart_and_removal_are_carried_out_and_audited()
    {
        await ArriveAsync();
        await SettleAsync();
        var offer = (await TellAsync(new(_uid))).RemoteConfig!;
        await TellAsync(new(_uid) { RemoteConfigStatus = new(offer.Hash, RemoteConfigStatuses.Applied), EffectiveConfig = Told.Effective("receivers: {}") });
        using var revert = await _api.PostAsJsonAsync($"/api/v1/agents/{_uid}/config/revert", new { reason = "drifted" });
        Assert.Equal(HttpStatusCode.NoContent, revert.StatusCode);
        Assert.NotNull((await TellAsync(new(_uid))).RemoteConfig);
        using var restart = await _api.PostAsJsonAsync($"/api/v1/agents/{_uid}/restart", new { });
        Assert.Equal(HttpStatusCode.NoContent, restart.StatusCode);
        Assert.Equal(AgentCommand.Restart, (await TellAsync(new(_uid))).Command);
        using var removal = await _api.DeleteAsync($"/api/v1/agents/{_uid}?reason=gone");
        Assert.Equal(HttpStatusCode.NoContent, removal.StatusCode);
        Assert.Equal(0, (await GetAsync("/api/v1/agents")).GetProperty("total").GetInt32());
        var (rows, _) = await _console.Get<App.Platform.Audit.AuditLog>().ReadAsync(new(Action: "agent."), 0, 10);
        Assert.Equal([("agent.remove", "gone"), ("agent.restart", null), ("agent.revert", "drifted")], rows.Where(r => r.Action != "agent.enrol").Select(r => (r.Action, r.Reason)));
    }

    [Fact]
    public async Task What_an_agent_came_to_run_is_adopted_by_a_Change_of_its_own()
    {
        await ArriveAsync();
        await SettleAsync();
        var offer = (await TellAsync(new(_uid))).RemoteConfig!;
        using (var none = await _api.PostAsJsonAsync($"/api/v1/agents/{_uid}/config/adopt", new { })) Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
        var runs = Told.Yaml(offer).Replace("timeout: 10s", "timeout: 30s", StringComparison.Ordinal);
        await TellAsync(new(_uid) { RemoteConfigStatus = new(offer.Hash, RemoteConfigStatuses.Applied), EffectiveConfig = Told.Effective(runs) });
        using var adopted = await _api.PostAsJsonAsync($"/api/v1/agents/{_uid}/config/adopt", new { reason = "it works better" });
        Assert.Equal(HttpStatusCode.Created, adopted.StatusCode);
        var change = await GetAsync(adopted.Headers.Location!.ToString());
        Assert.Contains("adopted-web-1", change.ToString());
        Assert.Contains("timeout: 30s", change.ToString());
    }

    [Fact]
    public async Task What_an_agent_cannot_do_is_a_conflict_in_words()
    {
        await TellAsync(Told.First(_uid, can: AgentCapabilities.ReportsStatus));
        foreach (var command in new[] { "restart", "config/revert" })
        {
            using var answer = await _api.PostAsJsonAsync($"/api/v1/agents/{_uid}/{command}", new { });
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("Accepts", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Enrolment_tokens_are_made_listed_and_revoked()
    {
        using var made = await _api.PostAsJsonAsync("/api/v1/enrolment-tokens", new { name = "web", tenant = "prod", maxUses = 2 });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var token = await made.Content.ReadFromJsonAsync<JsonElement>();
        Assert.StartsWith("nre_", Text(token, "secret"));
        var id = token.GetProperty("token").GetProperty("id").GetInt64();
        Assert.DoesNotContain(Text(token, "secret")!, (await GetAsync("/api/v1/enrolment-tokens")).ToString());
        using var gone = await _api.DeleteAsync($"/api/v1/enrolment-tokens/{id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var twice = await _api.DeleteAsync($"/api/v1/enrolment-tokens/{id}");
        Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
        using var wrong = await _api.PostAsJsonAsync("/api/v1/enrolment-tokens", new { name = "", maxUses = 0 });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
