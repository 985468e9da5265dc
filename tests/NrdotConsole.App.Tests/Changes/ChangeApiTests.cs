using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Tests.Auth;

namespace NrdotConsole.App.Tests.Changes;

public sealed class ChangeApiTests
{
    static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient client, HttpMethod method, string path, object? body = null, string? ifMatch = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    static object Note(string text = "hello\n") => new { title = "A note", kind = "config", reason = "for the others", edits = new[] { new { file = "notes.md", content = text } }, rollout = new { soak = "0s", concurrency = 5 } };

    [Fact]
    public async Task A_single_admin_takes_a_change_from_draft_to_applied_and_back()
    {
        using var host = ConsoleHost.WithAdmin();
        var client = host.Program();
        var (status, change) = await SendAsync(client, HttpMethod.Post, "changes", Note(), key: "first");
        Assert.Equal((HttpStatusCode.Created, "draft"), (status, change.GetProperty("state").GetString()));
        var id = change.GetProperty("id").GetInt64();
        Assert.Equal(id, (await SendAsync(client, HttpMethod.Post, "changes", Note(), key: "first")).Body.GetProperty("id").GetInt64());
        foreach (var (verb, state) in new[] { ("validate", "validated"), ("approve", "approved"), ("start", "applied"), ("rollback", "rollingBack") })
        {
            var (answer, now) = await SendAsync(client, HttpMethod.Post, $"changes/{id}/{verb}");
            Assert.Equal((HttpStatusCode.OK, state), (answer, now.GetProperty("state").GetString()));
        }
        var (_, details) = await SendAsync(client, HttpMethod.Get, $"changes/{id}");
        Assert.Equal("notes.md", details.GetProperty("diff")[0].GetProperty("file").GetString());
        Assert.Contains(details.GetProperty("events").EnumerateArray(), e => e.GetProperty("text").GetString()!.Contains("self-approved", StringComparison.Ordinal));
        var (_, list) = await SendAsync(client, HttpMethod.Get, "changes?state=rollingback");
        Assert.Equal(1, list.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_edit_by_PUT_needs_the_newest_version_and_voids_approvals()
    {
        using var host = ConsoleHost.WithAdmin();
        var client = host.Program();
        var id = (await SendAsync(client, HttpMethod.Post, "changes", Note())).Body.GetProperty("id").GetInt64();
        await SendAsync(client, HttpMethod.Post, $"changes/{id}/validate");
        await SendAsync(client, HttpMethod.Post, $"changes/{id}/approve");
        var edit = new { rollout = new { soak = "30s" } };
        var (stale, problem) = await SendAsync(client, HttpMethod.Put, $"changes/{id}", edit, ifMatch: "\"1\"");
        Assert.Equal(HttpStatusCode.Conflict, stale);
        Assert.Contains("Approved", problem.GetProperty("detail").GetString());
        var (done, now) = await SendAsync(client, HttpMethod.Put, $"changes/{id}", edit, ifMatch: "\"3\"");
        Assert.Equal((HttpStatusCode.OK, "draft", false), (done, now.GetProperty("state").GetString(), now.GetProperty("approvals")[0].GetProperty("valid").GetBoolean()));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(client, HttpMethod.Post, $"changes/{id}/start")).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_named_by_field_or_line_with_its_mend()
    {
        using var host = ConsoleHost.WithAdmin();
        var client = host.Program();
        var (status, problem) = await SendAsync(client, HttpMethod.Post, "changes", new { title = "", edits = new[] { new { file = "../x", content = "" } }, rollout = new { soak = "soon" } });
        Assert.Equal((HttpStatusCode.BadRequest, "rollout.soak"), (status, problem.GetProperty("errors").EnumerateObject().Single().Name));
        var id = (await SendAsync(client, HttpMethod.Post, "changes", new { title = "Broken", edits = new[] { new { file = "rings.yaml", content = "rings: 3\n" } } })).Body.GetProperty("id").GetInt64();
        (status, problem) = await SendAsync(client, HttpMethod.Post, $"changes/{id}/validate");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("rings.yaml:1:", problem.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(client, HttpMethod.Post, "changes/999/approve")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(client, HttpMethod.Post, "lever", new { })).Status);
    }

    [Fact]
    public async Task Each_command_asks_for_its_permission_and_tenants_are_not_crossed()
    {
        using var host = ConsoleHost.WithAdmin();
        var admin = host.Program();
        var id = (await SendAsync(admin, HttpMethod.Post, "changes", Note())).Body.GetProperty("id").GetInt64();
        async Task<HttpClient> With(string[] scopes, string[]? tenants = null) =>
            host.Program((await host.Get<ApiTokenStore>().CreateAsync(Actor.System, 1, $"t{Guid.NewGuid():n}", scopes, tenants?.ToHashSet(), null)).Secret!);

        var reader = await With([Permissions.ConfigRead]);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(reader, HttpMethod.Get, $"changes/{id}")).Status);
        foreach (var path in new[] { "changes", $"changes/{id}/validate", $"changes/{id}/approve", $"changes/{id}/start", "lever" })
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(reader, HttpMethod.Post, path, new { })).Status);
        var limited = await With([Permissions.ConfigRead, Permissions.ConfigWrite, Permissions.ChangesApprove], ["prod"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(limited, HttpMethod.Post, "changes", Note())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(limited, HttpMethod.Get, $"changes/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(limited, HttpMethod.Post, $"changes/{id}/approve")).Status);
    }

    [Fact]
    public async Task The_lever_stops_a_start_and_its_release_is_explained()
    {
        using var host = ConsoleHost.WithAdmin();
        var client = host.Program();
        var id = (await SendAsync(client, HttpMethod.Post, "changes", Note())).Body.GetProperty("id").GetInt64();
        await SendAsync(client, HttpMethod.Post, $"changes/{id}/validate");
        await SendAsync(client, HttpMethod.Post, $"changes/{id}/approve");
        Assert.True((await SendAsync(client, HttpMethod.Post, "lever", new { pulled = true, reason = "smoke" })).Body.GetProperty("pulled").GetBoolean());
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(client, HttpMethod.Post, $"changes/{id}/start")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(client, HttpMethod.Post, "lever", new { pulled = false })).Status);
        Assert.False((await SendAsync(client, HttpMethod.Post, "lever", new { pulled = false, reason = "steam" })).Body.GetProperty("pulled").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, HttpMethod.Post, $"changes/{id}/start")).Status);
        var now = host.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var marks = await client.GetFromJsonAsync<JsonElement>($"/ui/marks?from={now - 1000}&to={now + 1000}");
        Assert.Equal([$"{id} start", $"{id} applied"], marks.EnumerateArray().Select(m => m.GetProperty("label").GetString()!));
    }
}
