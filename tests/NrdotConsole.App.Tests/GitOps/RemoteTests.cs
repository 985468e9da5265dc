using NrdotConsole.App.Platform.Auth;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.GitOps.Remote;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.App.Tests.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Tests.GitOps;

/// <summary>A console with a real remote: pushes come from the git program.</summary>
public sealed class RemoteTests : IDisposable
{
    const string GitHubSecret = "github's secret", GitLabToken = "gitlab's token";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nrdot-remote-");
    readonly ConsoleHost _host;
    readonly string _remote, _clone;

    public RemoteTests()
    {
        (_remote, _clone) = (Path.Combine(_folder.FullName, "remote.git"), Path.Combine(_folder.FullName, "clone"));
        Git.Run(_folder.FullName, "init", "--bare", "-b", "main", _remote);
        _host = ConsoleHost.WithAdmin(("Config:Remote:Url", "file://" + _remote), ("Config:Remote:Every", "1d"),
            ("Config:Remote:GitHubSecret", GitHubSecret), ("Config:Remote:GitLabToken", GitLabToken));
    }

    public void Dispose()
    {
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    ConfigRepository Repository => _host.Get<ConfigRepository>();
    ChangeLife Life => _host.Get<ChangeLife>();
    string RemoteHead => Git.Run(_remote, "rev-parse", "main");

    Task<RemoteStatus> SyncAsync() => _host.Get<RemoteSync>().SyncAsync(TestContext.Current.CancellationToken);

    async Task InSyncAsync()
    {
        var status = await SyncAsync();
        Assert.True(status.State == RemoteState.InSync, status.Text);
    }

    async Task<Change> ChangeAsync(RemoteStatus status) => (await _host.Get<ChangeStore>().FindAsync(status.Change!.Value))!;

    /// <summary>Pushes this edit to the remote as Pat.</summary>
    string Push(string file, Func<string, string> edit, string message)
    {
        if (!Directory.Exists(_clone)) Git.Run(_folder.FullName, "clone", "-q", _remote, _clone);
        Git.Run(_clone, "pull", "-q", "--ff-only");
        var path = Path.Combine(_clone, file);
        File.WriteAllText(path, edit(File.Exists(path) ? File.ReadAllText(path) : ""));
        Git.Run(_clone, "add", "-A");
        Git.Run(_clone, "commit", "-q", "-m", message);
        Git.Run(_clone, "push", "-q");
        return Git.Run(_clone, "rev-parse", "HEAD");
    }

    async Task<Change> ApproveAndStartAsync(long id)
    {
        var admin = new ChangeCommand(new Actor("admin", ActorKind.User));
        var approved = await Life.ApproveAsync(id, admin);
        Assert.Null(approved.Refusal);
        var started = await Life.StartAsync(id, admin);
        Assert.Null(started.Refusal);
        return started.Change!;
    }

    [Fact]
    public async Task An_empty_remote_gets_main()
    {
        await InSyncAsync();
        Assert.Equal(Repository.Head, RemoteHead);
    }

    [Fact]
    public async Task A_push_opens_a_change_by_its_author_and_is_main_once_it_is_approved()
    {
        await InSyncAsync();
        var head = Repository.Head;
        var pushed = Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name\n\nNobody knew it.");
        var status = await SyncAsync();
        var change = await ChangeAsync(status);
        Assert.Equal((RemoteState.ChangeOpen, ChangeState.Validated, "remote"), (status.State, change.State, change.Origin));
        Assert.Equal(("Pat <pat@example.com>", "A better name", "Nobody knew it."), (change.Author, change.Title, change.Reason));
        Assert.Equal(head, Repository.Head);

        Assert.Equal(ChangeState.Applied, (await ApproveAndStartAsync(change.Id)).State);
        Assert.Equal(pushed, Repository.Head);
        await InSyncAsync();
    }

    [Theory]
    [InlineData("pat")]
    [InlineData("Pat@example.com")]
    public async Task A_push_by_who_has_an_account_is_that_accounts_and_not_approved_by_it(string account)
    {
        await InSyncAsync();
        Assert.Null((await _host.Get<UserStore>().AddAsync(Actor.System, account, Roles.Operator, null, "issuer|" + account)).Fault);
        Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name");
        var change = await ChangeAsync(await SyncAsync());
        Assert.Equal(account, change.Author);
        Assert.Equal(RefusalKind.Forbidden, (await Life.ApproveAsync(change.Id, new(new(account, ActorKind.User)))).Refusal!.Kind);
        Assert.Null((await Life.ApproveAsync(change.Id, new(new("admin", ActorKind.User)))).Refusal);
    }

    [Fact]
    public async Task The_same_push_seen_twice_is_one_change()
    {
        await InSyncAsync();
        Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name");
        Assert.Equal((await SyncAsync()).Change, (await SyncAsync()).Change);
    }

    [Fact]
    public async Task A_push_that_does_not_validate_is_a_refused_change_with_its_faults()
    {
        await InSyncAsync();
        var head = Repository.Head;
        Push("rings.yaml", t => t.Replace("share: 0.05", "share: 0.50"), "Half of them");
        var status = await SyncAsync();
        var change = await ChangeAsync(status);
        Assert.Equal((ChangeState.Refused, RemoteState.Diverged), (change.State, status.State));
        Assert.Contains((await _host.Get<ChangeStore>().EventsAsync(change.Id)), e => e.Reason?.Contains("rings.yaml:14:3: error: rings: The shares add up to 1.45.", StringComparison.Ordinal) == true);
        Assert.Equal(head, Repository.Head);

        Push("rings.yaml", t => t.Replace("share: 0.50", "share: 0.05").Replace("name: experimental", "name: first"), "Mended");
        Assert.Equal(ChangeState.Validated, (await ChangeAsync(await SyncAsync())).State);
    }

    [Fact]
    public async Task What_is_applied_here_is_pushed_after_a_refused_push_was_taken_back_there()
    {
        await InSyncAsync();
        Push("rings.yaml", t => t.Replace("share: 0.05", "share: 0.50"), "Half of them");
        await SyncAsync();
        Repository.Commit("main", Repository.Head, new Dictionary<string, string?> { ["runbooks/disk.md"] = "# Disk\n" }, new("ann", "ann@console"), "A runbook");
        await InSyncAsync();
        Assert.Equal(Repository.Head, RemoteHead);
        Assert.Contains("share: 0.05", Git.Run(_remote, "show", "main:rings.yaml"));
        Assert.Contains("# Disk", Git.Run(_remote, "show", "main:runbooks/disk.md"));
    }

    [Fact]
    public async Task A_push_that_is_rolled_back_is_reverted_on_the_remote()
    {
        await InSyncAsync();
        Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name");
        var change = await ApproveAndStartAsync((await SyncAsync()).Change!.Value);
        await Life.RollbackAsync(change.Id, new(new Actor("admin", ActorKind.User), "It was not better"));
        await Life.FinishRollbackAsync(change.Id, "Every host is back");
        await SyncAsync();
        Assert.Contains("name: experimental", Git.Run(_remote, "show", "main:rings.yaml"));
    }

    [Fact]
    public async Task A_newer_push_takes_the_place_of_one_that_waits()
    {
        await InSyncAsync();
        Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name");
        var older = (await SyncAsync()).Change!.Value;
        Push("runbooks/disk.md", _ => "# Disk\n", "A runbook");
        var newer = await ChangeAsync(await SyncAsync());
        Assert.Equal(ChangeState.Refused, (await _host.Get<ChangeStore>().FindAsync(older))!.State);
        Assert.Equal(["rings.yaml", "runbooks/disk.md"], Repository.Changes(newer.Content.BaseCommit, newer.Content.Commit).Select(f => f.Path).Order());
    }

    [Fact]
    public async Task Work_on_both_sides_merges_and_the_remote_gets_the_whole()
    {
        await InSyncAsync();
        Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name");
        Repository.Commit("main", Repository.Head, new Dictionary<string, string?> { ["rings.yaml"] = ShippedFiles.All["rings.yaml"].Replace("salt: nrdot", "salt: other") }, new("ann", "ann@console"), "Salted");
        var change = await ChangeAsync(await SyncAsync());
        Assert.Equal(ChangeState.Applied, (await ApproveAndStartAsync(change.Id)).State);
        await InSyncAsync();
        var rings = Git.Run(_remote, "show", "main:rings.yaml");
        Assert.Contains("name: first", rings);
        Assert.Contains("salt: other", rings);
    }

    [Fact]
    public async Task A_remote_that_is_gone_is_told_and_nothing_stops()
    {
        await InSyncAsync();
        Directory.Move(_remote, _remote + ".away");
        var status = await SyncAsync();
        Assert.Equal(RemoteState.Failing, status.State);
        Assert.Contains("Check Config:Remote:Url", status.Text);
        Directory.Move(_remote + ".away", _remote);
        await InSyncAsync();
    }

    static HttpRequestMessage GitHub(string body, string secret, string header = "push")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/webhooks/git/github") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-GitHub-Event", header);
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body))));
        return request;
    }

    [Fact]
    public async Task A_signed_webhook_pulls_at_once()
    {
        await InSyncAsync();
        Push("rings.yaml", t => t.Replace("name: experimental", "name: first"), "A better name");
        var told = new TaskCompletionSource<RemoteStatus>();
        _host.Get<RemoteSync>().Status.Changed += s => { if (s.Change is not null) told.TrySetResult(s); };
        using var sender = _host.Browser();
        Assert.Equal(HttpStatusCode.Accepted, (await sender.SendAsync(GitHub("{\"ref\":\"refs/heads/main\"}", GitHubSecret))).StatusCode);
        var status = await told.Task.WaitAsync(Patience.Limit);
        Assert.Equal("A better name", (await ChangeAsync(status)).Title);
    }

    [Fact]
    public async Task Webhooks_without_the_secret_are_refused()
    {
        using var sender = _host.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await sender.SendAsync(GitHub("{}", "a guess"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await sender.PostAsync("api/v1/webhooks/git/github", new StringContent("{}"))).StatusCode);
        using var wrong = new HttpRequestMessage(HttpMethod.Post, "api/v1/webhooks/git/gitlab") { Content = new StringContent("{}") };
        wrong.Headers.Add("X-Gitlab-Token", "a guess");
        Assert.Equal(HttpStatusCode.Unauthorized, (await sender.SendAsync(wrong)).StatusCode);
    }

    [Fact]
    public async Task Other_events_and_branches_are_ignored_and_gitlabs_token_is_taken()
    {
        using var sender = _host.Browser();
        Assert.Equal(HttpStatusCode.OK, (await sender.SendAsync(GitHub("{}", GitHubSecret, "ping"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await sender.SendAsync(GitHub("{\"ref\":\"refs/heads/topic\"}", GitHubSecret))).StatusCode);
        using var hook = new HttpRequestMessage(HttpMethod.Post, "api/v1/webhooks/git/gitlab") { Content = new StringContent("{\"ref\":\"refs/heads/main\"}") };
        hook.Headers.Add("X-Gitlab-Token", GitLabToken);
        hook.Headers.Add("X-Gitlab-Event", "Push Hook");
        Assert.Equal(HttpStatusCode.Accepted, (await sender.SendAsync(hook)).StatusCode);
    }

    [Fact]
    public async Task The_state_of_the_remote_is_asked_and_ordered_over_rest()
    {
        using var api = _host.Program();
        var status = await (await api.PostAsync("api/v1/config/remote/sync", null)).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        Assert.Equal(("inSync", "file://" + _remote), (status.GetProperty("state").GetString(), status.GetProperty("url").GetString()));
        Assert.Equal("inSync", (await api.GetFromJsonAsync<System.Text.Json.JsonElement>("api/v1/config/remote")).GetProperty("state").GetString());
    }
}
