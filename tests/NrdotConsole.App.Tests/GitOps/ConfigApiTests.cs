using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Auth;

namespace NrdotConsole.App.Tests.GitOps;

public sealed class ConfigApiTests : IDisposable
{
    readonly ConsoleHost _host = ConsoleHost.WithAdmin();
    readonly HttpClient _api;

    public ConfigApiTests() => _api = _host.Program();

    public void Dispose()
    {
        _api.Dispose();
        _host.Dispose();
    }

    ConfigRepository Repository => _host.Get<ConfigRepository>();

    async Task<(string Text, string ETag)> ReadAsync(string file)
    {
        var answer = await _api.GetAsync($"api/v1/config/{file}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("text").GetString()!, answer.Headers.ETag!.Tag);
    }

    Task<HttpResponseMessage> PutAsync(string file, string text, string? ifMatch, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"api/v1/config/{file}{query}") { Content = new StringContent(text, Encoding.UTF8, "application/yaml") };
        if (ifMatch == "*") request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        else if (ifMatch is not null) request.Headers.IfMatch.ParseAdd(ifMatch);
        return _api.SendAsync(request);
    }

    static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    [Fact]
    public async Task Files_are_listed_with_what_they_are_for_and_their_faults()
    {
        var list = await _api.GetFromJsonAsync<JsonElement>("api/v1/config");
        var layers = list.GetProperty("files").EnumerateArray().Single(f => f.GetProperty("path").GetString() == "monitoring-layers.yaml");
        Assert.Equal((0, 6), (layers.GetProperty("errors").GetInt32(), layers.GetProperty("warnings").GetInt32()));
        Assert.Equal(Repository.Head, list.GetProperty("commit").GetString());
    }

    [Fact]
    public async Task A_file_comes_with_its_tag_and_not_twice()
    {
        var (text, tag) = await ReadAsync("runbooks/high-cardinality.md");
        Assert.StartsWith("# Runbook", text);
        using var again = new HttpRequestMessage(HttpMethod.Get, "api/v1/config/runbooks/high-cardinality.md");
        again.Headers.IfNoneMatch.ParseAdd(tag);
        Assert.Equal(HttpStatusCode.NotModified, (await _api.SendAsync(again)).StatusCode);
        using var plain = new HttpRequestMessage(HttpMethod.Get, "api/v1/config/rings.yaml");
        plain.Headers.Accept.ParseAdd("application/yaml");
        Assert.Equal(ShippedFiles.All["rings.yaml"], await (await _api.SendAsync(plain)).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("api/v1/config/none.yaml")).StatusCode);
    }

    [Fact]
    public async Task A_put_opens_a_change_and_leaves_main_as_it_is()
    {
        var head = Repository.Head;
        var (text, tag) = await ReadAsync("rings.yaml");
        var answer = await PutAsync("rings.yaml", text.Replace("name: experimental", "name: first"), tag, "?title=A+better+name&reason=Nobody+knew+it");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await BodyAsync(answer);
        Assert.Equal($"/api/v1/changes/{body.GetProperty("change").GetInt64()}", answer.Headers.Location!.ToString());
        Assert.Equal(("A better name", "validated"), (body.GetProperty("title").GetString(), body.GetProperty("state").GetString()));
        Assert.Equal(head, Repository.Head);
        var commit = Repository.CommitAt(body.GetProperty("commit").GetString()!);
        Assert.Equal(["rings.yaml"], commit.Files);
    }

    [Fact]
    public async Task Who_did_not_say_what_was_read_is_asked_to()
    {
        var answer = await PutAsync("rings.yaml", "salt: x\n", null);
        Assert.Equal(HttpStatusCode.PreconditionRequired, answer.StatusCode);
    }

    [Fact]
    public async Task Who_read_an_older_text_is_told_who_changed_it()
    {
        var (text, tag) = await ReadAsync("rings.yaml");
        Repository.Commit("main", Repository.Head, new Dictionary<string, string?> { ["rings.yaml"] = text.Replace("experimental", "first") }, new("ann", "ann@console"), "A better name");
        var answer = await PutAsync("rings.yaml", text, tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.NotEqual(tag, answer.Headers.ETag!.Tag);
        Assert.Contains("ann changed it: A better name", (await BodyAsync(answer)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_text_that_does_not_validate_is_answered_with_its_faults_and_opens_nothing()
    {
        var (text, tag) = await ReadAsync("rings.yaml");
        var answer = await PutAsync("rings.yaml", text.Replace("share: 0.05", "share: 0.50"), tag);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var fault = Assert.Single((await BodyAsync(answer)).GetProperty("faults").EnumerateArray());
        Assert.Equal(("rings.yaml", "rings", "error"), (fault.GetProperty("file").GetString(), fault.GetProperty("field").GetString(), fault.GetProperty("severity").GetString()));
        Assert.Empty(Repository.Branches("changes/"));
    }

    [Fact]
    public async Task A_body_over_the_limit_or_of_bytes_is_refused()
    {
        var (_, tag) = await ReadAsync("rings.yaml");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PutAsync("rings.yaml", new string('#', ConfigLimits.MaxFileBytes + 1), tag)).StatusCode);
        using var bytes = new HttpRequestMessage(HttpMethod.Put, "api/v1/config/rings.yaml") { Content = new ByteArrayContent([0xff, 0xfe, 0x00]) };
        bytes.Headers.IfMatch.ParseAdd(tag);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _api.SendAsync(bytes)).StatusCode);
    }

    [Fact]
    public async Task A_new_file_needs_that_there_is_none()
    {
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("runbooks/disk-full.md", "# Disk full\n", "*")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync("rings.yaml", "salt: x\n", "*")).StatusCode);
    }

    [Theory]
    [InlineData("..%2Fetc%2Fpasswd")]
    [InlineData(".git/config")]
    [InlineData("a//b.yaml")]
    public async Task A_path_out_of_the_repository_is_refused(string path)
    {
        var answer = await PutAsync(path, "a: 1\n", "*");
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{answer.StatusCode}");
        Assert.Empty(Repository.Branches("changes/"));
    }

    [Fact]
    public async Task History_diff_and_revert_go_by_fields()
    {
        var before = Repository.Head;
        var text = ShippedFiles.All["rings.yaml"];
        var first = Repository.Commit("main", before, new Dictionary<string, string?> { ["rings.yaml"] = text.Replace("name: experimental", "name: first") }, new("ann", "ann@console"), "A better name")!;
        Repository.Commit("main", first, new Dictionary<string, string?> { ["rings.yaml"] = text.Replace("name: experimental", "name: first").Replace("salt: nrdot", "salt: other") }, new("bob", "bob@console"), "Salted");

        var history = await _api.GetFromJsonAsync<JsonElement>("api/v1/config/history?file=rings.yaml&limit=2");
        Assert.Equal(["bob", "ann"], history.EnumerateArray().Select(c => c.GetProperty("author").GetProperty("name").GetString()));

        var diff = await _api.GetFromJsonAsync<JsonElement>($"api/v1/config/diff?from={before}&to={first}");
        var field = Assert.Single(Assert.Single(diff.EnumerateArray()).GetProperty("fields").EnumerateArray());
        Assert.Equal(("rings[4].name", "experimental", "first"), (field.GetProperty("field").GetString(), field.GetProperty("before").GetString(), field.GetProperty("after").GetString()));

        var answer = await _api.PostAsJsonAsync("api/v1/config/revert", new { commit = first, reason = "Nobody liked it" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var reverted = Repository.File((await BodyAsync(answer)).GetProperty("commit").GetString()!, "rings.yaml")!.Text;
        Assert.Equal(text.Replace("salt: nrdot", "salt: other"), reverted);
    }

    [Fact]
    public async Task Files_that_are_not_committed_can_be_checked()
    {
        var answer = await BodyAsync(await _api.PostAsJsonAsync("api/v1/config/validate", new { files = new Dictionary<string, string> { ["profiles.yaml"] = "default: x\n" } }));
        Assert.False(answer.GetProperty("valid").GetBoolean());
        Assert.Contains(answer.GetProperty("faults").EnumerateArray(), f => f.GetProperty("message").GetString() == "'profiles' is missing.");
    }

    [Fact]
    public async Task Who_may_only_look_may_not_put()
    {
        var tokens = _host.Get<Platform.Auth.ApiTokenStore>();
        var (secret, _) = await tokens.CreateAsync(new("admin", Platform.Audit.ActorKind.User), 1, "reader", [Platform.Auth.Permissions.ConfigRead], null, null);
        using var reader = _host.Program(secret!);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("api/v1/config/rings.yaml")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PutAsync("api/v1/config/rings.yaml", new StringContent("salt: x\n"))).StatusCode);
    }
}
