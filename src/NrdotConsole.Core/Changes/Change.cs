namespace NrdotConsole.Core.Changes;

/// <summary>
/// One alteration of the fleet: a commit beside main, whom it is meant for, how it rolls, and how far it has come.
/// <paramref name="Version"/> grows with every write, <paramref name="Revision"/> with every edit of the content.
/// </summary>
public sealed record Change(long Id, int Version, int Revision, ChangeKind Kind, string Title, string Reason, ChangeState State)
{
    /// <summary>The account that made it; <see cref="Authors"/> adds everybody who edited it since.</summary>
    public required string Author { get; init; }
    public required IReadOnlyList<string> Authors { get; init; }

    /// <summary>Breaks through freeze windows; its reason says why.</summary>
    public bool Emergency { get; init; }
    public required ChangeContent Content { get; init; }

    /// <summary>What an approval binds to: <see cref="ChangeContent.Hash"/> of the content.</summary>
    public required string Hash { get; init; }
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>From the last dry run of this content; null before it.</summary>
    public BlastRadius? Blast { get; init; }

    /// <summary>What rolls: the content merged with what main was at the start. Null before.</summary>
    public string? RollingCommit { get; init; }

    /// <summary>Main as it was before the start: what hosts go back to.</summary>
    public string? PreviousCommit { get; init; }

    /// <summary>The Change whose exact inverse this is.</summary>
    public long? Reverts { get; init; }

    /// <summary>Where it came from: <c>form</c>, <c>api</c>, <c>remote</c> (a push to the remote's main) or <c>guardrail</c> (a flag turned itself off).</summary>
    public string Origin { get; init; } = "form";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Since when it waits for other Changes to end, and who started it; null while it does not. Only an approved one waits.</summary>
    public DateTimeOffset? QueuedAt { get; init; }
    public string? QueuedBy { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Approvals that hold: of this revision and this hash.</summary>
    public IReadOnlyList<Approval> ValidApprovals => [.. Approvals.Where(a => a.Revision == Revision && a.Hash == Hash)];
}

/// <summary>Somebody agreed to exactly this content. <paramref name="Self"/>: an author, allowed while nobody else could.</summary>
public sealed record Approval(string Account, int Revision, string Hash, DateTimeOffset At, string? Reason, bool Self);

/// <summary>One step of a Change's life, never altered. <paramref name="Evidence"/> is JSON, or null.</summary>
public sealed record ChangeEvent(
    long Id, long ChangeId, DateTimeOffset At, string Actor, ChangeStep? Step, ChangeState? From, ChangeState To, string Text, string? Reason, string Hash, string? Evidence);

/// <summary>
/// How far a Change reaches. Figures that no signal supports are null: unknown, not zero. Dollars are an hour's; series are active
/// ones; coverage is 0..1. <paramref name="NotSteerable"/> hosts would change but have no agent that takes configuration.
/// </summary>
public sealed record BlastRadius(
    int Hosts, int NotSteerable, IReadOnlyList<string> Tenants, IReadOnlyList<int> Rings,
    decimal? UsdPerHourBefore, decimal? UsdPerHourAfter, double? SeriesBefore, double? SeriesAfter, double? CoverageBefore, double? CoverageAfter)
{
    public static readonly BlastRadius None = new(0, 0, [], [], null, null, null, null, null, null);
}
