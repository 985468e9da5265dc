namespace NrdotConsole.Core.Changes;

/// <summary>Whether an approval counts; why not, where it does not.</summary>
public sealed record ApprovalVerdict(bool Counts, bool Self, string? WhyNot);

/// <summary>Nobody approves their own Change, except who is the only one that could approve any.</summary>
public static class ApprovalRule
{
    public const string SelfNote = "self-approved: only one approver exists";

    /// <summary>Where a Change comes from that a flag's guardrail drafted. Only the guard writes it: no request can name an origin.</summary>
    public const string Guardrail = "guardrail";

    /// <summary>
    /// A guardrail's Change does what the reviewed flag said it would: turn that flag off. It needs no second approval, for as long as
    /// nobody has edited it.
    /// </summary>
    public static bool IsAgreedBeforehand(Change change) => change is { Origin: Guardrail, Revision: 1, Kind: ChangeKind.Flag };

    /// <param name="authors">Who made or edited the content.</param>
    /// <param name="approvers">Active accounts that may approve Changes at all.</param>
    public static ApprovalVerdict Judge(IReadOnlyCollection<string> authors, string approver, IReadOnlyCollection<string> approvers)
    {
        if (!approvers.Contains(approver)) return new(false, false, $"{approver} is not an active account that may approve changes");
        if (!authors.Contains(approver)) return new(true, false, null);
        return approvers.Count == 1
            ? new(true, true, null)
            : new(false, true, $"{approver} wrote it: one of {string.Join(", ", approvers.Where(a => !authors.Contains(a)).Order(StringComparer.Ordinal).DefaultIfEmpty("another account (every approver has edited it)").Take(5))} must approve");
    }
}
