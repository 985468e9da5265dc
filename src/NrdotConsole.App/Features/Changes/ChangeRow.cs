using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>A Change as its row: SQLite's types, JSON where the row holds more than one value.</summary>
internal sealed class ChangeRow
{
    public const string Columns =
        """
        id, version, revision, kind, title, reason, state, author, authors_json AS AuthorsJson, emergency, origin, base_commit AS BaseCommit, content_commit AS ContentCommit, tree,
        targets_json AS TargetsJson, rollout_json AS RolloutJson, hash, blast_json AS BlastJson, rolling_commit AS RollingCommit, previous_commit AS PreviousCommit, reverts,
        created_at AS CreatedAt, changed_at AS ChangedAt, started_at AS StartedAt, ended_at AS EndedAt,
        queued_at AS QueuedAt, queued_by AS QueuedBy
        """;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public long Id { get; init; }
    public int Version { get; init; }
    public int Revision { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public string Reason { get; init; } = "";
    public string State { get; init; } = "";
    public string Author { get; init; } = "";
    public string AuthorsJson { get; init; } = "";
    public bool Emergency { get; init; }
    public string Origin { get; init; } = "";
    public string BaseCommit { get; init; } = "";
    public string ContentCommit { get; init; } = "";
    public string Tree { get; init; } = "";
    public string TargetsJson { get; init; } = "";
    public string RolloutJson { get; init; } = "";
    public string Hash { get; init; } = "";
    public string? BlastJson { get; init; }
    public string? RollingCommit { get; init; }
    public string? PreviousCommit { get; init; }
    public long? Reverts { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public string? QueuedBy { get; init; }

    public Change ToChange(IEnumerable<ApprovalRow> approvals) => new(Id, Version, Revision, Enum.Parse<ChangeKind>(Kind), Title, Reason, Enum.Parse<ChangeState>(State))
    {
        Author = Author,
        Authors = Read<string[]>(AuthorsJson)!,
        Emergency = Emergency,
        Origin = Origin,
        Content = new(BaseCommit, ContentCommit, Tree, Read<ChangeTargets>(TargetsJson)!, Read<RolloutOptions>(RolloutJson)!),
        Hash = Hash,
        Approvals = [.. approvals.Select(a => new Approval(a.Account, a.Revision, a.Hash, a.At, a.Reason, a.Self))],
        Blast = Read<BlastRadius>(BlastJson),
        RollingCommit = RollingCommit,
        PreviousCommit = PreviousCommit,
        Reverts = Reverts,
        CreatedAt = CreatedAt,
        ChangedAt = ChangedAt,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        QueuedAt = QueuedAt,
        QueuedBy = QueuedBy,
    };

    /// <summary>The parameters that the writing statements share, and <paramref name="more"/>.</summary>
    public static DynamicParameters Values(Change change, object more)
    {
        var values = new DynamicParameters(new
        {
            change.Id, change.Version, change.Revision, Kind = change.Kind.ToString(), change.Title, change.Reason, State = change.State.ToString(), change.Author,
            AuthorsJson = Write(change.Authors), change.Emergency, change.Origin, change.Content.BaseCommit, ContentCommit = change.Content.Commit, change.Content.Tree,
            TargetsJson = Write(change.Content.Targets), RolloutJson = Write(change.Content.Rollout), change.Hash,
            BlastJson = change.Blast is null ? null : Write(change.Blast), change.RollingCommit, change.PreviousCommit, change.Reverts, change.StartedAt, change.EndedAt, change.QueuedAt,
            change.QueuedBy,
        });
        values.AddDynamicParams(more);
        return values;
    }

    /// <summary>What the audit log keeps of a Change.</summary>
    public static object Facts(Change change) => new
    {
        State = ChangeStates.Name(change.State), change.Kind, change.Title, change.Revision, change.Hash, change.Content.Commit, change.Content.Targets, change.Content.Rollout,
        change.Emergency, change.Blast?.Hosts, change.Blast?.Tenants,
    };

    public static string? Evidence(object? evidence)
    {
        if (evidence is null) return null;
        var json = evidence as string ?? Write(evidence);
        return json.Length <= ChangeStore.MaxEvidenceLength ? json : Write(new { Omitted = $"{json.Length} characters of evidence are over the limit of {ChangeStore.MaxEvidenceLength}" });
    }

    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Json);

    public static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, Json);
}

internal sealed class ApprovalRow
{
    public long ChangeId { get; init; }
    public int Revision { get; init; }
    public string Account { get; init; } = "";
    public string Hash { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public string? Reason { get; init; }
    public bool Self { get; init; }
}

internal sealed class EventRow
{
    public const string Columns = "id, change_id AS ChangeId, at, actor, step, from_state AS FromState, to_state AS ToState, text, reason, hash, evidence_json AS Evidence";

    public long Id { get; init; }
    public long ChangeId { get; init; }
    public DateTimeOffset At { get; init; }
    public string Actor { get; init; } = "";
    public string? Step { get; init; }
    public string? FromState { get; init; }
    public string ToState { get; init; } = "";
    public string Text { get; init; } = "";
    public string? Reason { get; init; }
    public string Hash { get; init; } = "";
    public string? Evidence { get; init; }
    public string Title { get; init; } = "";

    public ChangeEvent ToEvent() => new(Id, ChangeId, At, Actor, Step is null ? null : Enum.Parse<ChangeStep>(Step), FromState is null ? null : Enum.Parse<ChangeState>(FromState),
        Enum.Parse<ChangeState>(ToState), Text, Reason, Hash, Evidence);
}
