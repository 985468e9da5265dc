using NrdotConsole.App.Features.GitOps.Remote;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.App.Tests.ConfigRepo;

namespace NrdotConsole.App.Tests.GitOps;

/// <summary>A remote as forges have it: over HTTP, with a password that stands in a file.</summary>
public sealed class RemoteOverHttpTests : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nrdot-http-");
    GitHttpServer _server = null!;

    string Secret => Path.Combine(_folder.FullName, "secret");
    string Remote => Path.Combine(_folder.FullName, "configs.git");

    public async ValueTask InitializeAsync()
    {
        Git.Run(_folder.FullName, "init", "--bare", "-b", "main", Remote);
        Git.Run(Remote, "config", "http.receivepack", "true");
        File.WriteAllText(Secret, "right\n");
        _server = await GitHttpServer.StartAsync(_folder.FullName, "console", "right");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Main_is_pushed_and_pushes_are_fetched_with_the_password_of_the_file()
    {
        using var host = ConsoleHost.WithAdmin(("Config:Remote:Url", _server.Url + "/configs.git"), ("Config:Remote:Every", "1d"), ("Config:Remote:User", "console"), ("Config:Remote:Password", $"${{file:{Secret}}}"));
        var sync = host.Get<RemoteSync>();
        var status = await sync.SyncAsync(CancellationToken.None);
        Assert.True(status.State == RemoteState.InSync, status.Text);
        Assert.Equal(host.Get<ConfigRepository>().Head, Git.Run(Remote, "rev-parse", "main"));

        var clone = Path.Combine(_folder.FullName, "clone");
        Git.Run(_folder.FullName, "clone", "-q", Remote, clone);
        File.WriteAllText(Path.Combine(clone, "runbooks/disk.md"), "# Disk\n");
        Git.Run(clone, "add", "-A");
        Git.Run(clone, "commit", "-q", "-m", "A runbook");
        Git.Run(clone, "push", "-q");
        status = await sync.SyncAsync(CancellationToken.None);
        Assert.True(status.State == RemoteState.ChangeOpen, status.Text);

        // A password that was changed there is told, and taken from the file at the next look.
        File.WriteAllText(Secret, "wrong");
        status = await sync.SyncAsync(CancellationToken.None);
        Assert.Equal(RemoteState.Failing, status.State);
        Assert.Contains("Check Config:Remote:User and Config:Remote:Password", status.Text);
        Assert.DoesNotContain("wrong", status.Text);
        File.WriteAllText(Secret, "right");
        Assert.Equal(RemoteState.ChangeOpen, (await sync.SyncAsync(CancellationToken.None)).State);
    }
}
