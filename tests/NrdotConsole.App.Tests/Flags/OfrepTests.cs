using NrdotConsole.App.Platform.Rings;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Features.Flags.Ofrep;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Tests.Flags;

/// <summary>The protocol over HTTP: statuses and fields as open-feature/protocol's service/openapi.yaml 0.3 has them.</summary>
public sealed class OfrepTests : IAsyncLifetime
{
    readonly FlagsHost _host = new();

    public async ValueTask InitializeAsync() => await _host.WithFlagsAsync();

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    static string? Text(JsonElement body, string field) => body.GetProperty(field).GetString();

    async Task<(bool Value, string? Reason, string? Variant, string? Why)> VerdictAsync(string key, object context)
    {
        var answer = await FlagsHost.AskAsync(_host.Api, key, context);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var body = await BodyAsync(answer);
        Assert.Equal(key, Text(body, "key"));
        return (body.GetProperty("value").GetBoolean(), Text(body, "reason"), Text(body, "variant"), Text(body.GetProperty("metadata"), "why"));
    }

    [Fact]
    public async Task One_flag_is_answered_with_value_reason_variant_and_why()
    {
        Assert.Equal((true, "STATIC", "on", "It is on for every host"), await VerdictAsync("everywhere", new { targetingKey = "i-2" }));
        Assert.Equal((false, "DISABLED", "off", "The flag is disabled"), await VerdictAsync("disabled", new { targetingKey = "i-2" }));
        Assert.Equal((false, "DEFAULT", "off", "Its prerequisite disabled is off for this host"), await VerdictAsync("needs_disabled", new { targetingKey = "i-2" }));
        Assert.Equal("SPLIT", (await VerdictAsync("half", new { targetingKey = "i-2" })).Reason);
    }

    [Fact]
    public async Task A_host_is_known_by_key_and_by_name_and_the_tenant_tells_twins_apart()
    {
        Assert.True((await VerdictAsync("canary", new { targetingKey = "i-1", tenant = "prod" })).Value);
        Assert.True((await VerdictAsync("canary", new { targetingKey = "web-1" })).Value);
        Assert.False((await VerdictAsync("canary", new { targetingKey = "i-1", tenant = "lab" })).Value);
        Assert.Equal((await VerdictAsync("half", new { targetingKey = "web-2" })).Why, (await VerdictAsync("half", new { targetingKey = "i-2" })).Why);
    }

    [Fact]
    public async Task A_stranger_speaks_for_its_ring_and_a_host_does_not()
    {
        Assert.True((await VerdictAsync("experimental", new { targetingKey = "somebody", ring = 4 })).Value);
        Assert.True((await VerdictAsync("experimental", new { targetingKey = "somebody", ring = "4" })).Value);
        Assert.Equal((false, "DEFAULT", "off", "The host has no ring"), await VerdictAsync("experimental", new { targetingKey = "somebody" }));
        var ring = _host.Console.Get<RingAssignments>().RingOf("prod", "i-2");
        Assert.Equal(ring == 4, (await VerdictAsync("experimental", new { targetingKey = "web-2", ring = 4 })).Value);
    }

    [Fact]
    public async Task All_flags_come_at_once_and_not_twice()
    {
        var answer = await FlagsHost.AskAsync(_host.Api, null, new { targetingKey = "web-1" });
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var flags = (await BodyAsync(answer)).GetProperty("flags").EnumerateArray().ToDictionary(f => Text(f, "key")!, f => f.GetProperty("value").GetBoolean());
        Assert.Equal(["everywhere", "disabled", "half", "canary", "experimental", "needs_disabled"], flags.Keys);
        Assert.Equal((true, true, false), (flags["everywhere"], flags["canary"], flags["disabled"]));

        var tag = answer.Headers.ETag!.ToString();
        var again = await FlagsHost.AskAsync(_host.Api, null, new { targetingKey = "web-1" }, tag);
        Assert.Equal((HttpStatusCode.NotModified, 0, tag), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length, again.Headers.ETag?.ToString()));
        Assert.Equal(HttpStatusCode.OK, (await FlagsHost.AskAsync(_host.Api, null, new { targetingKey = "web-2" }, tag)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await FlagsHost.AskAsync(_host.Api, null, new { targetingKey = "web-1" }, "not quoted")).StatusCode);

        _host.Commit(FlagsHost.Yaml.Replace("disabled: { enabled: false", "disabled: { enabled: true"));
        var changed = await FlagsHost.AskAsync(_host.Api, null, new { targetingKey = "web-1" }, tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag?.ToString());
    }

    [Theory]
    [InlineData("", "PARSE_ERROR")]
    [InlineData("{", "PARSE_ERROR")]
    [InlineData("[1]", "PARSE_ERROR")]
    [InlineData("{\"context\": {\"targetingKey\": \"a\"}} trailing", "PARSE_ERROR")]
    [InlineData("{}", "TARGETING_KEY_MISSING")]
    [InlineData("{\"context\": null}", "TARGETING_KEY_MISSING")]
    [InlineData("{\"context\": {}}", "TARGETING_KEY_MISSING")]
    [InlineData("{\"context\": {\"targetingKey\": \"\"}}", "TARGETING_KEY_MISSING")]
    [InlineData("{\"context\": {\"targetingKey\": null}}", "TARGETING_KEY_MISSING")]
    [InlineData("{\"context\": {\"targetingKey\": 7}}", "INVALID_CONTEXT")]
    [InlineData("{\"context\": []}", "INVALID_CONTEXT")]
    [InlineData("{\"context\": {\"targetingKey\": \"\\ud800\"}}", "PARSE_ERROR")]
    public async Task What_cannot_be_read_is_answered_with_its_error_code(string json, string code)
    {
        foreach (var key in (string?[])["half", null])
        {
            var answer = await FlagsHost.SendAsync(_host.Api, key, new StringContent(json, Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var body = await BodyAsync(answer);
            Assert.Equal(code, Text(body, "errorCode"));
            Assert.NotEmpty(Text(body, "errorDetails")!);
            Assert.Equal(key, body.TryGetProperty("key", out var named) ? named.GetString() : null);
        }
    }

    [Fact]
    public async Task Bodies_too_large_too_deep_or_not_text_are_refused_in_the_same_words()
    {
        var deep = "{\"context\": {\"targetingKey\": \"a\", \"x\": " + new string('[', 5_000) + new string(']', 5_000) + "}}";
        Assert.Equal("PARSE_ERROR", Text(await BodyAsync(await FlagsHost.SendAsync(_host.Api, "half", new StringContent(deep))), "errorCode"));
        var large = await FlagsHost.AskAsync(_host.Api, "half", new { targetingKey = "a", padding = new string('x', OfrepContext.MaxBodyBytes) });
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_CONTEXT"), (large.StatusCode, Text(await BodyAsync(large), "errorCode")));
        var bytes = await FlagsHost.SendAsync(_host.Api, "half", new ByteArrayContent([0xff, 0xfe, 0x00, 0x80]));
        Assert.Equal((HttpStatusCode.BadRequest, "PARSE_ERROR"), (bytes.StatusCode, Text(await BodyAsync(bytes), "errorCode")));
        var invalid = await FlagsHost.SendAsync(_host.Api, "half", new ByteArrayContent([.. "{\"context\": {\"targetingKey\": \""u8, 0xff, .. "\"}}"u8]));
        Assert.Equal((HttpStatusCode.BadRequest, "PARSE_ERROR"), (invalid.StatusCode, Text(await BodyAsync(invalid), "errorCode")));
        var named = await FlagsHost.AskAsync(_host.Api, "half", new { targetingKey = new string('x', 256) });
        Assert.Equal("INVALID_CONTEXT", Text(await BodyAsync(named), "errorCode"));
    }

    [Fact]
    public async Task An_unknown_flag_is_named()
    {
        var answer = await FlagsHost.AskAsync(_host.Api, "no-such", new { targetingKey = "a" });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var body = await BodyAsync(answer);
        Assert.Equal(("no-such", "FLAG_NOT_FOUND"), (Text(body, "key"), Text(body, "errorCode")));
    }

    [Fact]
    public async Task Who_has_no_token_or_a_wrong_one_or_a_narrower_one_gets_nothing()
    {
        using var nobody = _host.Console.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await FlagsHost.AskAsync(nobody, "half", new { targetingKey = "a" })).StatusCode);
        using var liar = _host.Console.Program("nrc_not-a-token-at-all-0123456789");
        Assert.Equal(HttpStatusCode.Unauthorized, (await FlagsHost.AskAsync(liar, null, new { targetingKey = "a" })).StatusCode);
        using var reader = await _host.TokenAsync(null, Permissions.ConfigRead);
        Assert.Equal(HttpStatusCode.Forbidden, (await FlagsHost.AskAsync(reader, "half", new { targetingKey = "a" })).StatusCode);
    }

    [Fact]
    public async Task A_token_may_come_as_an_api_key_for_this_protocol_alone()
    {
        using var client = _host.Console.Browser();
        client.DefaultRequestHeaders.Add("X-API-Key", Auth.ConsoleHost.Token);
        Assert.Equal(HttpStatusCode.OK, (await FlagsHost.AskAsync(client, "half", new { targetingKey = "a" })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/v1/flags")).StatusCode);
    }

    [Fact]
    public async Task A_token_kept_to_a_tenant_asks_about_that_alone()
    {
        using var prod = await _host.TokenAsync(new HashSet<string> { "prod" }, Permissions.FlagsEvaluate);
        Assert.Equal(HttpStatusCode.OK, (await FlagsHost.AskAsync(prod, "canary", new { targetingKey = "web-1", tenant = "prod" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await FlagsHost.AskAsync(prod, "canary", new { targetingKey = "bench", tenant = "lab" })).StatusCode);
        var unsaid = await FlagsHost.AskAsync(prod, null, new { targetingKey = "web-1" });
        Assert.Equal((HttpStatusCode.Forbidden, "INVALID_CONTEXT"), (unsaid.StatusCode, Text(await BodyAsync(unsaid), "errorCode")));
    }

    [Fact]
    public async Task Who_asked_is_told_the_newest_first()
    {
        await VerdictAsync("canary", new { targetingKey = "web-1" });
        await VerdictAsync("canary", new { targetingKey = "web-2" });
        var page = await _host.Api.GetFromJsonAsync<JsonElement>("api/v1/flags/canary/evaluations");
        Assert.Equal([("web-2", false), ("web-1", true)], page.GetProperty("items").EnumerateArray().Select(a => (Text(a, "targetingKey")!, a.GetProperty("value").GetBoolean())));
        var row = await _host.Api.GetFromJsonAsync<JsonElement>("api/v1/flags/canary");
        Assert.Equal((2, 1, 4), (row.GetProperty("evaluations").GetInt32(), row.GetProperty("hostsOn").GetInt32(), row.GetProperty("hostsTotal").GetInt32()));
    }

    [Fact]
    public async Task Beyond_its_rate_a_caller_is_told_when_to_come_again()
    {
        using var slow = await new FlagsHost((FlagsModule.RateSetting, "1")).WithFlagsAsync();
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 20 && refused is null; i++)
        {
            var answer = await FlagsHost.AskAsync(slow.Api, "half", new { targetingKey = "a" });
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) refused = answer;
            else Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.NotNull(refused);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }
}
