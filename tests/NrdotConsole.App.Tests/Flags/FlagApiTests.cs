using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Tests.Flags;

public sealed class FlagApiTests : IAsyncLifetime
{
    const string Yaml = "# kept by hand\n" + FlagsHost.Yaml;

    readonly FlagsHost _host = new();

    public async ValueTask InitializeAsync() => await _host.WithFlagsAsync(Yaml);

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    async Task<string> TextOf(HttpResponseMessage answer) => _host.Repository.File((await BodyAsync(answer)).GetProperty("commit").GetString()!, FlagEdit.File)!.Text;

    [Fact]
    public async Task A_put_opens_a_change_of_what_differs_and_leaves_main_as_it_is()
    {
        var answer = await _host.Api.PutAsJsonAsync("api/v1/flags/half", new { percentage = 60, owner = "sre", reason = "It went well" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await BodyAsync(answer);
        Assert.Equal($"/api/v1/changes/{body.GetProperty("id").GetInt64()}", answer.Headers.Location!.ToString());
        Assert.Equal(("Flag half: 50 % of the hosts → 60 % of the hosts", "flag", "validated", "It went well"),
            (body.GetProperty("title").GetString(), body.GetProperty("kind").GetString(), body.GetProperty("state").GetString(), body.GetProperty("reason").GetString()));
        var text = _host.Repository.File(body.GetProperty("commit").GetString()!, FlagEdit.File)!.Text;
        Assert.Equal(Yaml.Replace("percentage: 50 } }", "percentage: 60 }, owner: sre}"), text);
        Assert.Equal(Yaml, _host.Repository.File(_host.Repository.Head, FlagEdit.File)!.Text);
    }

    [Fact]
    public async Task A_new_key_adds_a_flag_that_means_what_was_said()
    {
        var answer = await _host.Api.PutAsJsonAsync("api/v1/flags/fresh.flag", new
        {
            enabled = true, description = "Fresh: \"new\"", strategy = "percentage", percentage = 12.5, rings = new[] { 3, 4 }, prerequisites = new[] { "everywhere" },
            guardrails = new[] { new { signal = "coverage.score", min = 0.95 } }, expires = "2027-01-31", reason = "To try it",
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var commit = (await BodyAsync(answer)).GetProperty("commit").GetString()!;
        var flag = _host.Console.Get<Platform.ConfigRepo.DesiredStates>().At(commit).Flags.Find("fresh.flag")!;
        Assert.Equal((true, "Fresh: \"new\"", 12.5m, "coverage.score", 0.95), (flag.Enabled, flag.Description, flag.Percentage, flag.Guardrails[0].Signal, flag.Guardrails[0].Min));
        Assert.Equal([3, 4], flag.Rings);
        Assert.Equal(["everywhere"], flag.Prerequisites);
        Assert.Equal(new DateOnly(2027, 1, 31), flag.Expires);
        Assert.StartsWith(Yaml, _host.Repository.File(commit, FlagEdit.File)!.Text);
    }

    [Fact]
    public async Task Fields_out_of_range_are_named_and_open_nothing()
    {
        var answer = await _host.Api.PutAsJsonAsync("api/v1/flags/half", new { percentage = 101, expires = "soon", guardrails = new[] { new { signal = "no.such", min = 1 } } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["percentage", "expires", "guardrails.signal"], (await BodyAsync(answer)).GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Api.PutAsync("api/v1/flags/half", new StringContent("{", null, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Api.PutAsJsonAsync("api/v1/flags/half", new { percentage = 50 })).StatusCode);
        Assert.Empty(_host.Repository.Branches("changes/"));
    }

    [Theory]
    [InlineData("half", "{\"prerequisites\": [\"half\"]}")]
    [InlineData("half", "{\"rings\": [77]}")]
    [InlineData("half", "{\"strategy\": \"canary\"}")]
    [InlineData("bad%20key", "{\"enabled\": true}")]
    public async Task What_the_file_s_rules_refuse_is_told_with_line_and_mend(string key, string json)
    {
        var answer = await _host.Api.PutAsync($"api/v1/flags/{key}", new StringContent(json, null, "application/json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotEmpty((await BodyAsync(answer)).GetProperty("faults").EnumerateArray());
        Assert.Empty(_host.Repository.Branches("changes/"));
    }

    [Fact]
    public async Task A_request_sent_again_makes_one_change()
    {
        async Task<long> PutAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "api/v1/flags/half") { Content = JsonContent.Create(new { enabled = false, reason = "Off" }) };
            request.Headers.Add("Idempotency-Key", "once");
            return (await BodyAsync(await _host.Api.SendAsync(request))).GetProperty("id").GetInt64();
        }
        Assert.Equal(await PutAsync(), await PutAsync());
    }

    [Fact]
    public async Task A_delete_drafts_the_removal()
    {
        var answer = await _host.Api.DeleteAsync("api/v1/flags/disabled?reason=Nobody+uses+it");
        // Another flag needs it.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        answer = await _host.Api.DeleteAsync("api/v1/flags/half?reason=Nobody+uses+it");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(Yaml.Replace("  half: { enabled: true, rollout: { strategy: percentage, percentage: 50 } }\n", ""), await TextOf(answer));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Api.DeleteAsync("api/v1/flags/no-such")).StatusCode);
    }

    [Fact]
    public async Task Who_may_only_look_or_sees_some_tenants_may_not_edit()
    {
        using var reader = await _host.TokenAsync(null, Permissions.ConfigRead);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("api/v1/flags/half")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PutAsJsonAsync("api/v1/flags/half", new { enabled = false })).StatusCode);
        using var limited = await _host.TokenAsync(new HashSet<string> { "prod" }, Permissions.ConfigRead, Permissions.ConfigWrite);
        Assert.Equal(HttpStatusCode.Forbidden, (await limited.PutAsJsonAsync("api/v1/flags/half", new { enabled = false })).StatusCode);
        var row = await (await limited.GetAsync("api/v1/flags/everywhere")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((2, 2), (row.GetProperty("hostsOn").GetInt32(), row.GetProperty("hostsTotal").GetInt32()));
    }
}
