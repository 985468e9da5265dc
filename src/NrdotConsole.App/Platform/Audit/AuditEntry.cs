namespace NrdotConsole.App.Platform.Audit;

internal enum ActorKind { User, Token, System }

/// <summary>Who acts, and from which address.</summary>
internal sealed record Actor(string Name, ActorKind Kind, string? Address = null)
{
    /// <summary>The console itself: first start, jobs, the command line.</summary>
    public static readonly Actor System = new("console", ActorKind.System);

    /// <summary>The account behind it: a token acts for its owner (<c>owner/token</c>; no account's name holds a slash).</summary>
    public string Account => Kind == ActorKind.Token && Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Name[..slash] : Name;
}

/// <summary>One deed before it has its place in the chain.</summary>
/// <param name="Action">What was done: <c>user.add</c>, <c>token.revoke</c>.</param>
/// <param name="Target">To what: <c>user:ann</c>.</param>
/// <param name="Before">Facts worth keeping, as they were; serialised to JSON. Never a secret or its hash.</param>
/// <param name="After">The same facts as they are now.</param>
internal sealed record AuditEntry(Actor Actor, string Action, string Target, object? Before = null, object? After = null, string? Reason = null);

/// <summary>A row of the log, as stored.</summary>
internal sealed record AuditRow(
    long Seq, DateTimeOffset At, string Actor, string ActorKind, string Action, string Target,
    string? Before, string? After, string? Reason, string? Address, string PrevHash, string Hash);
