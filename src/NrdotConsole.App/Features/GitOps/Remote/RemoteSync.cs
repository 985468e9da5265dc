using LibGit2Sharp;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.GitOps.Remote;

/// <summary>
/// Keeps main and the remote's branch together: on a timer, on a webhook, and after main moved. What the remote has more becomes a Change;
/// what main has more is pushed. A push that was refused or rolled back here is taken back there by a commit on top of it, never by force.
/// </summary>
internal sealed partial class RemoteSync(
    RemoteSettings settings, GitRemote remote, PushedCommits pushed, ConfigRepository repository, ChangeLife life, TimeProvider time, ILogger<RemoteSync> log) : BackgroundService
{
    const int Attempts = 3;

    readonly Wakeup _wakes = new();
    readonly SemaphoreSlim _one = new(1, 1);

    public Live<RemoteStatus> Status { get; } = new();

    /// <summary>Looks at the remote soon. Many wakes are one look.</summary>
    public void Wake() => _wakes.Wake();

    /// <summary>Looks now and tells what came of it. The world's faults are in the answer.</summary>
    public async Task<RemoteStatus> SyncAsync(CancellationToken ct)
    {
        if (!settings.IsOn) return Told(RemoteState.Off, "No remote is set: Config:Remote:Url names one");
        await _one.WaitAsync(ct);
        try
        {
            return await MeetAsync(ct);
        }
        catch (Exception fault) when (fault is RemoteException or LibGit2SharpException or InvalidOperationException or Microsoft.Data.Sqlite.SqliteException)
        {
            if (Status.Current?.Text != fault.Message) LogFailed(fault.Message);
            return Told(RemoteState.Failing, fault.Message, Status.Current?.RemoteCommit);
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await SyncIfOnAsync(stoppingToken);
        if (!settings.IsOn) return;
        repository.MainMoved += OnMainMoved;
        life.Moved += OnChangeMoved;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _wakes.WaitAsync(settings.Every, time, stoppingToken);
                await SyncIfOnAsync(stoppingToken);
            }
        }
        finally
        {
            repository.MainMoved -= OnMainMoved;
            life.Moved -= OnChangeMoved;
        }
    }

    async Task SyncIfOnAsync(CancellationToken ct)
    {
        try
        {
            await SyncAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    async Task<RemoteStatus> MeetAsync(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var theirs = await remote.FetchAsync(ct);
            try
            {
                return await MeetAsync(theirs, ct);
            }
            catch (RemoteException fault) when (fault.InnerException is NonFastForwardException && attempt < Attempts)
            {
                // Somebody pushed between our fetch and our push.
            }
        }
    }

    async Task<RemoteStatus> MeetAsync(string? theirs, CancellationToken ct)
    {
        var head = repository.Head;
        if (theirs == head) return Told(RemoteState.InSync, "Main and the remote are one", theirs);
        if (theirs is null || repository.IsAncestor(theirs, head)) return await PushAsync(head, ct);

        var change = await pushed.OpenAsync(theirs, ct);
        switch (change.State)
        {
            case ChangeState.Refused or ChangeState.Expired when head == change.Content.BaseCommit:
                // Nothing of ours waits to be pushed: the pusher may mend it by another push.
                return Told(RemoteState.Diverged, $"The remote holds a push that is {ChangeStates.Name(change.State)}", theirs, change.Id);
            case ChangeState.Refused or ChangeState.Expired or ChangeState.RolledBack:
                var absorbed = repository.Absorb(theirs, CommitAuthor.Console, $"Revert \"{change.Title}\"\n\nChange {change.Id} was {ChangeStates.Name(change.State)}: main stays as it was.\n\nReverts-Change: {change.Id}");
                return await PushAsync(absorbed, ct);
            default:
                return Told(RemoteState.ChangeOpen, $"A push waits as change {change.Id} ({ChangeStates.Name(change.State)})", theirs, change.Id);
        }
    }

    async Task<RemoteStatus> PushAsync(string head, CancellationToken ct)
    {
        if (!settings.Push) return Told(RemoteState.Diverged, "Main is ahead of the remote; Config:Remote:Push is off", head);
        await remote.PushAsync(head, ct);
        return Told(RemoteState.InSync, "Main was pushed", head);
    }

    RemoteStatus Told(RemoteState state, string text, string? commit = null, long? change = null)
    {
        var status = new RemoteStatus(state, settings.ShownUrl, settings.Branch, text, settings.IsOn ? time.GetUtcNow() : null, commit, change);
        Status.Publish(status);
        return status;
    }

    void OnMainMoved(string commit) => Wake();

    void OnChangeMoved(Change change)
    {
        if (change.Origin == PushedCommits.Origin && ChangeStates.IsEnd(change.State)) Wake();
    }

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Warning, Message = "The config repository's remote: {Fault}")]
    partial void LogFailed(string fault);
}
