using LibGit2Sharp;
using NrdotConsole.App.Platform.ConfigRepo;

namespace NrdotConsole.App.Features.GitOps.Remote;

/// <summary>The remote cannot be reached, refuses, or took another push first.</summary>
internal sealed class RemoteException(string operation, string url, string fault, string hint, Exception? cause = null) : Exception($"{operation} {url}: {fault} {hint}", cause);

/// <summary>Fetches from and pushes to the remote. Both block on the network, so they run on threads of their own, and are given up after <see cref="Patience"/>.</summary>
internal sealed class GitRemote(RemoteSettings settings, ConfigRepository repository, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Of one fetch: a repository of configuration is small, a stranger's may not be.</summary>
    public const long MaxFetchBytes = 64L * 1024 * 1024;

    const string TrackingRef = "refs/remotes/origin/config";

    /// <summary>The commit that the remote's branch was at when it was last seen; null before, or where it has none.</summary>
    public string? Seen => repository.Read(r => r.Refs[TrackingRef]?.TargetIdentifier);

    /// <returns>The commit of the remote's branch; null where it has no such branch yet.</returns>
    public Task<string?> FetchAsync(CancellationToken ct) => RunAsync("Fetch", () => repository.Read(r =>
    {
        using var remote = Origin(r);
        var heads = r.Network.ListReferences(remote, Credentials).ToDictionary(x => x.CanonicalName, x => x.TargetIdentifier, StringComparer.Ordinal);
        if (!heads.ContainsKey($"refs/heads/{settings.Branch}")) return null;
        r.Network.Fetch(remote.Name, [$"+refs/heads/{settings.Branch}:{TrackingRef}"], new FetchOptions
        {
            TagFetchMode = TagFetchMode.None, CredentialsProvider = Credentials, OnTransferProgress = p => !ct.IsCancellationRequested && p.ReceivedBytes <= MaxFetchBytes,
        });
        return r.Refs[TrackingRef]?.TargetIdentifier;
    }), ct);

    /// <summary>Moves the remote's branch forward to a commit. It is never forced: a push that came between is fetched first.</summary>
    public Task PushAsync(string commit, CancellationToken ct) => RunAsync("Push", () => repository.Read(r =>
    {
        // A push names a reference: this one is the console's own, so that main may move meanwhile.
        const string pushed = "refs/nrdot/pushed";
        r.Refs.Add(pushed, r.Lookup<Commit>(commit).Id, allowOverwrite: true);
        string? refusal = null;
        using var remote = Origin(r);
        r.Network.Push(remote, $"{pushed}:refs/heads/{settings.Branch}", new PushOptions { CredentialsProvider = Credentials, OnPushStatusError = e => refusal = e.Message });
        if (refusal is not null) throw new LibGit2SharpException(refusal);
        r.Refs.Add(TrackingRef, r.Lookup<Commit>(commit).Id, allowOverwrite: true);
        return commit;
    }), ct);

    LibGit2Sharp.Credentials Credentials(string url, string userFromUrl, SupportedCredentialTypes types) =>
        RemoteSettings.Resolve(settings.Password) is { Length: > 0 } password
            ? new UsernamePasswordCredentials { Username = settings.User ?? (userFromUrl is { Length: > 0 } ? userFromUrl : "git"), Password = password }
            : new DefaultCredentials();

    async Task<T> RunAsync<T>(string operation, Func<T> work, CancellationToken ct)
    {
        try
        {
            return await Task.Factory.StartNew(work, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience, time, ct);
        }
        catch (Exception fault) when (fault is LibGit2SharpException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            throw new RemoteException(operation, settings.ShownUrl!, Explain(fault), Hint(fault), fault);
        }
    }

    static string Explain(Exception fault) => fault is TimeoutException ? $"No answer within {Patience.TotalSeconds:0} s." : fault.Message.TrimEnd('.', '\n') + ".";

    static string Hint(Exception fault) => fault switch
    {
        NonFastForwardException => "Somebody pushed meanwhile; it is fetched and tried again.",
        TimeoutException => "Check that the address can be reached from here.",
        IOException => "Check the file that Config:Remote:Password names.",
        UserCancelledException => $"It holds more than {MaxFetchBytes / 1_048_576} MiB: is it a repository of configuration?",
        _ when fault.Message.Contains("401", StringComparison.Ordinal) || fault.Message.Contains("authentication", StringComparison.OrdinalIgnoreCase) || fault.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase)
            => "Check Config:Remote:User and Config:Remote:Password.",
        _ => "Check Config:Remote:Url, the branch, and what the user may do there.",
    };

    /// <summary>Fetch and push take a remote by name: the setting's address stands in the repository under one.</summary>
    LibGit2Sharp.Remote Origin(Repository repository)
    {
        const string name = "origin";
        if (repository.Network.Remotes[name] is { } known)
        {
            if (known.Url == settings.Url) return known;
            known.Dispose();
            repository.Network.Remotes.Remove(name);
        }
        return repository.Network.Remotes.Add(name, settings.Url!, $"+refs/heads/{settings.Branch}:{TrackingRef}");
    }
}
