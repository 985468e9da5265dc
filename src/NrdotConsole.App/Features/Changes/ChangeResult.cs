using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

internal enum RefusalKind { NotFound, Invalid, Forbidden, Conflict }

/// <summary>Why a command was not carried out, and what would mend it.</summary>
internal sealed record ChangeRefusal(RefusalKind Kind, string Title, string Detail)
{
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public static ChangeRefusal NotFound(long id) => new(RefusalKind.NotFound, "No such change.", $"There is no change {id}; /api/v1/changes lists them.");

    public static ChangeRefusal Invalid(params IReadOnlyList<Fault> faults) =>
        new(RefusalKind.Invalid, "The change is not valid.", string.Join(" ", faults.Select(f => f.Message))) { Faults = faults };

    public static ChangeRefusal Conflict(string title, string detail) => new(RefusalKind.Conflict, title, detail);

    public static ChangeRefusal Forbidden(string title, string detail) => new(RefusalKind.Forbidden, title, detail);
}

/// <summary>The Change as it is now, or why the command was refused. A command that was already carried out answers as the first time.</summary>
internal sealed record ChangeResult(Change? Change, ChangeRefusal? Refusal)
{
    public static ChangeResult Refused(ChangeRefusal refusal) => new(null, refusal);
}

/// <summary>Who commands, why, and the version that they saw; null where the newest will do.</summary>
internal sealed record ChangeCommand(Platform.Audit.Actor Actor, string? Reason = null, int? Version = null);
