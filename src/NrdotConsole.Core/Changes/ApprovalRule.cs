namespace NrdotConsole.Core.Changes;

/// <summary>Whether an approval counts; why not, where it does not.</summary>
public sealed record ApprovalVerdict(bool Counts, bool Self, string? WhyNot);

/// <summary>Nobody approves their own Change, except who is the only one that could approve any.</summary>
public static class ApprovalRule
{
    public const string SelfNote = "self-approved: only one approver exists";

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
