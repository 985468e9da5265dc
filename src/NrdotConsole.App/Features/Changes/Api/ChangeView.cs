using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes.Api;

/// <summary>How a Change goes out, durations as operators write them: <c>30s</c>, <c>5m</c>.</summary>
internal sealed record RolloutView(string? Soak, int? Concurrency, string? ApplyTimeout, bool? Gates)
{
    public static RolloutView Of(RolloutOptions options) => new(Show(options.Soak), options.Concurrency, Show(options.ApplyTimeout), options.Gates);

    /// <summary>What is left out stays as in <paramref name="basis"/>.</summary>
    public RolloutOptions Read(RolloutOptions basis, List<Fault> faults) => basis with
    {
        Soak = Span("rollout.soak", Soak, basis.Soak, faults), Concurrency = Concurrency ?? basis.Concurrency,
        ApplyTimeout = Span("rollout.applyTimeout", ApplyTimeout, basis.ApplyTimeout, faults), Gates = Gates ?? basis.Gates,
    };

    static string Show(TimeSpan span) => span == TimeSpan.Zero ? "0s" : Duration.Format(span);

    static TimeSpan Span(string field, string? text, TimeSpan fallback, List<Fault> faults)
    {
        if (text is null) return fallback;
        if (text is "0" or "0s") return TimeSpan.Zero;
        if (Duration.TryParse(text, out var span)) return span;
        faults.Add(new(field, text, "0s, or " + Duration.Allowed));
        return fallback;
    }
}

internal sealed record ApprovalView(string Account, DateTimeOffset At, string? Reason, bool Self, bool Valid);

/// <summary>A Change as the API shows it.</summary>
internal sealed record ChangeView(
    long Id, int Version, ChangeKind Kind, string Title, string Reason, ChangeState State, string Author, IReadOnlyList<string> Authors, bool Emergency, string Origin,
    int Revision, string Hash, string BaseCommit, string Commit, string? RollingCommit, string? PreviousCommit, long? Reverts, ChangeTargets Targets, RolloutView Rollout,
    IReadOnlyList<ApprovalView> Approvals, BlastRadius? Blast, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? QueuedAt, string? QueuedBy)
{
    public static ChangeView Of(Change c) => new(
        c.Id, c.Version, c.Kind, c.Title, c.Reason, c.State, c.Author, c.Authors, c.Emergency, c.Origin, c.Revision, c.Hash, c.Content.BaseCommit, c.Content.Commit,
        c.RollingCommit, c.PreviousCommit, c.Reverts, c.Content.Targets, RolloutView.Of(c.Content.Rollout),
        [.. c.Approvals.Select(a => new ApprovalView(a.Account, a.At, a.Reason, a.Self, a.Revision == c.Revision && a.Hash == c.Hash))],
        c.Blast, c.CreatedAt, c.ChangedAt, c.StartedAt, c.EndedAt, c.QueuedAt, c.QueuedBy);
}

/// <summary>One Change with all that led to it.</summary>
internal sealed record ChangeDetails(ChangeView Change, int ApprovalsNeeded, IReadOnlyList<EventView> Events, DryRun? DryRun, IReadOnlyList<EditedFile> Diff, QueuePlace? Queue);

internal sealed record EventView(DateTimeOffset At, string Actor, ChangeStep? Step, ChangeState? From, ChangeState To, string Text, string? Reason, string Hash, System.Text.Json.JsonElement? Evidence)
{
    public static EventView Of(ChangeEvent e) => new(e.At, e.Actor, e.Step, e.From, e.To, e.Text, e.Reason, e.Hash,
        e.Evidence is null ? null : System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(e.Evidence));
}

/// <summary>The body that drafts a Change.</summary>
internal sealed record NewChangeBody(string? Title, ChangeKind? Kind, string? Reason, bool? Emergency, string? BaseCommit, IReadOnlyList<EditBody>? Edits, TargetsBody? Targets, RolloutView? Rollout, ProfileBody? Profile);

/// <summary>Instead of edits: another profile for the targets; without targets the default profile.</summary>
internal sealed record ProfileBody(string? To);

/// <summary>A file's whole new text; null deletes it.</summary>
internal sealed record EditBody(string? File, string? Content);

internal sealed record TargetsBody(IReadOnlyList<int>? Rings, IReadOnlyList<string>? Tenants, IReadOnlyList<HostTarget>? Hosts)
{
    public ChangeTargets Read() => new(Rings ?? [], Tenants ?? [], Hosts ?? []);
}

/// <summary>The body that edits a Change: what is left out stays. Files are given whole; null deletes one.</summary>
internal sealed record EditChangeBody(string? Title, IReadOnlyList<EditBody>? Edits, TargetsBody? Targets, RolloutView? Rollout, string? Reason, int? Version);

/// <summary>The body of a command; all of it may be left out.</summary>
internal sealed record CommandBody(string? Reason, int? Version);
