namespace NrdotConsole.Core.Desired;

/// <summary>
/// How Changes are reviewed and when they rest (<c>changes.yaml</c>). They hold for every way in: forms, REST and pushes.
/// A commit that does not validate is never applied; that is no rule but a law.
/// </summary>
/// <param name="Approvals">How many people other than the author must approve; 0 for none.</param>
/// <param name="ApprovalExpires">An approved Change that was not started within it expires.</param>
/// <param name="Files">Rules of single files; the first whose pattern matches a changed file counts, and of several files the strictest.</param>
/// <param name="Freezes">When nothing rolls out.</param>
public sealed record ChangeRules(int Approvals, TimeSpan ApprovalExpires, IReadOnlyList<FileRule> Files, IReadOnlyList<FreezeWindow> Freezes)
{
    public static readonly ChangeRules Default = new(1, TimeSpan.FromDays(7), [], []);

    /// <summary>Approvals that a Change of these files needs.</summary>
    public int ApprovalsFor(IEnumerable<string> files) =>
        files.Select(f => Files.FirstOrDefault(r => r.Matches(f))?.Approvals ?? Approvals).DefaultIfEmpty(Approvals).Max();

    /// <summary>The first window that is in force.</summary>
    public FreezeWindow? FreezeAt(DateTimeOffset at) => Freezes.FirstOrDefault(f => f.IsInForce(at));
}

/// <summary>A pattern is a file's name, or ends in <c>*</c> for all that begin so.</summary>
public sealed record FileRule(string Pattern, int Approvals)
{
    public bool Matches(string file) => Pattern.EndsWith('*') ? file.StartsWith(Pattern[..^1], StringComparison.Ordinal) : file == Pattern;
}

/// <summary>
/// A time in which no rollout begins or goes on to its next wave: once, from <paramref name="From"/> to <paramref name="Until"/>, or each
/// week on <paramref name="Days"/> between <paramref name="Opens"/> and <paramref name="Closes"/> by the clocks of <see cref="Zone"/> (past midnight
/// where it closes before it opens). Rollbacks are never frozen.
/// </summary>
public sealed record FreezeWindow(
    string Name, DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyList<DayOfWeek> Days, TimeOnly Opens, TimeOnly Closes)
{
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public bool IsInForce(DateTimeOffset at)
    {
        if (From is not null || Until is not null) return !(at < From) && !(at >= Until);
        var local = TimeZoneInfo.ConvertTime(at, Zone).DateTime;
        var time = TimeOnly.FromDateTime(local);
        return Opens < Closes
            ? Days.Contains(local.DayOfWeek) && time >= Opens && time < Closes
            : (Days.Contains(local.DayOfWeek) && time >= Opens) || (Days.Contains(local.AddDays(-1).DayOfWeek) && time < Closes);
    }
}
