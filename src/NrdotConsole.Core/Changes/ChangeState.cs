namespace NrdotConsole.Core.Changes;

/// <summary>Where a Change stands in its life. Refused, expired and rolled back are ends: nothing leads out of them.</summary>
public enum ChangeState { Draft, Validated, Approved, Rolling, Applied, Refused, Expired, RollingBack, RolledBack }

/// <summary>
/// What can happen to a Change. Approve is one approval of several, EnoughApprovals the one that completes them. Queue is a start that waits
/// for another Change to end; Return is back to draft because main moved and what was approved no longer holds.
/// </summary>
public enum ChangeStep { Edit, Validate, Approve, EnoughApprovals, Reject, Expire, Start, Apply, Abort, Rollback, FinishRollback, Note, Queue, Unqueue, Return }

/// <summary>The kind says which form wrote it, and so how it is told of; all kinds have one life.</summary>
public enum ChangeKind { Config, Profile, Ring, Flag, Filter, Tenant, Revert }

/// <summary>
/// The state machine:
/// <code>
/// draft ─► validated ─► approved ─► rolling ─► applied
///   │          │           │           │ abort     │ rollback
///   └──────────┴─ refused ─┘           └► rolling back ─► rolled back
///                 expired
/// </code>
/// An edit leads back to draft from every state before rolling. An approved one may wait in the queue: it is still approved, and starts by itself.
/// </summary>
public static class ChangeStates
{
    /// <summary>The state that a step leads to; null where it cannot be taken from here.</summary>
    public static ChangeState? After(ChangeState state, ChangeStep step) => (state, step) switch
    {
        (_, ChangeStep.Note) => state,
        (ChangeState.Draft or ChangeState.Validated or ChangeState.Approved, ChangeStep.Edit) => ChangeState.Draft,
        (ChangeState.Draft or ChangeState.Validated or ChangeState.Approved, ChangeStep.Reject) => ChangeState.Refused,
        (ChangeState.Draft or ChangeState.Validated or ChangeState.Approved, ChangeStep.Expire) => ChangeState.Expired,
        (ChangeState.Draft, ChangeStep.Validate) => ChangeState.Validated,
        (ChangeState.Validated, ChangeStep.Approve) => ChangeState.Validated,
        (ChangeState.Validated, ChangeStep.EnoughApprovals) => ChangeState.Approved,
        (ChangeState.Approved, ChangeStep.Queue or ChangeStep.Unqueue) => ChangeState.Approved,
        (ChangeState.Approved, ChangeStep.Return) => ChangeState.Draft,
        (ChangeState.Approved, ChangeStep.Start) => ChangeState.Rolling,
        (ChangeState.Rolling, ChangeStep.Apply) => ChangeState.Applied,
        (ChangeState.Rolling, ChangeStep.Abort) => ChangeState.RollingBack,
        (ChangeState.Rolling or ChangeState.Applied, ChangeStep.Rollback) => ChangeState.RollingBack,
        (ChangeState.RollingBack, ChangeStep.FinishRollback) => ChangeState.RolledBack,
        _ => null,
    };

    public static bool IsEnd(ChangeState state) => state is ChangeState.Refused or ChangeState.Expired or ChangeState.RolledBack;

    /// <summary>Waiting for people: it can still be edited, and it expires.</summary>
    public static bool IsOpen(ChangeState state) => state is ChangeState.Draft or ChangeState.Validated or ChangeState.Approved;

    /// <summary>The fleet is being altered: one Change at a time.</summary>
    public static bool IsMoving(ChangeState state) => state is ChangeState.Rolling or ChangeState.RollingBack;

    /// <summary>"rolling back", as people read it.</summary>
    public static string Name(ChangeState state) => state switch
    {
        ChangeState.RollingBack => "rolling back",
        ChangeState.RolledBack => "rolled back",
        _ => state.ToString().ToLowerInvariant(),
    };
}
