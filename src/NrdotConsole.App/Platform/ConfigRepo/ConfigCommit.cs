namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>A commit as history shows it. <paramref name="Files"/> are the ones that differ from its first parent.</summary>
public sealed record ConfigCommit(string Id, CommitAuthor Author, DateTimeOffset At, string Message, IReadOnlyList<string> Parents, IReadOnlyList<string> Files)
{
    public string Subject => Message.Split('\n', 2)[0];
}

/// <summary>A file at a commit. <paramref name="Id"/> is the blob's id: equal ids are equal texts.</summary>
internal sealed record ConfigFile(string Path, string Id, string Text);
