namespace NrdotConsole.App.Features.GitOps.Remote;

internal enum RemoteState { Off, Waiting, InSync, ChangeOpen, Diverged, Failing }

/// <summary>How main and the remote stand to each other. <paramref name="At"/> is when it was last asked, <paramref name="Text"/> says it to people.</summary>
internal sealed record RemoteStatus(RemoteState State, string? Url, string Branch, string Text, DateTimeOffset? At, string? RemoteCommit = null, long? Change = null);
