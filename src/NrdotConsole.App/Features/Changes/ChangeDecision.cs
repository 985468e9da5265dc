using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>What to do with a Change as it stands within the transaction: refuse, nothing (it was done before), or take a step.</summary>
internal sealed record ChangeDecision
{
    public ChangeRefusal? Refusal { get; private init; }
    public bool Already { get; private init; }
    public ChangeStep Step { get; private init; }
    public string Text { get; private init; } = "";
    public Change? After { get; private init; }
    public Approval? Approval { get; private init; }
    public object? Evidence { get; init; }

    /// <summary>Replaces the stored dry run: JSON, or null to leave it. An edit removes it by itself.</summary>
    public string? DryRunJson { get; init; }

    public static ChangeDecision Refuse(ChangeRefusal refusal) => new() { Refusal = refusal };

    public static readonly ChangeDecision Done = new() { Already = true };

    /// <param name="text">The event in a sentence.</param>
    /// <param name="after">The Change with what the step alters; state, version and times are set by the store. Null: nothing else alters.</param>
    public static ChangeDecision Take(ChangeStep step, string text, Change? after = null, Approval? approval = null) =>
        new() { Step = step, Text = text, After = after, Approval = approval };
}
