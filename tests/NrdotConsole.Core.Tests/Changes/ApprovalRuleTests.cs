using FsCheck.Xunit;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.Core.Tests.Changes;

public sealed class ApprovalRuleTests
{
    [Property]
    public bool With_two_approvers_no_author_approves(byte[] authors, byte[] approvers, byte who)
    {
        var able = approvers.Select(a => $"{a % 5}").ToHashSet();
        var wrote = authors.Select(a => $"{a % 5}").ToHashSet();
        var verdict = ApprovalRule.Judge(wrote, $"{who % 5}", able);
        return !verdict.Counts || (able.Contains($"{who % 5}") && (!wrote.Contains($"{who % 5}") || (able.Count == 1 && verdict.Self)));
    }

    [Fact]
    public void The_hash_is_of_what_would_happen_and_not_of_when_it_was_committed()
    {
        var content = new ChangeContent("b", "c", "t", ChangeTargets.All, RolloutOptions.Default);
        var hash = content.Hash(ChangeKind.Config, false);
        Assert.Equal(hash, (content with { Commit = "another" }).Hash(ChangeKind.Config, false));
        string[] others =
        [
            (content with { BaseCommit = "b2" }).Hash(ChangeKind.Config, false), (content with { Tree = "t2" }).Hash(ChangeKind.Config, false),
            (content with { Targets = new([4], [], []) }).Hash(ChangeKind.Config, false), (content with { Targets = new([], ["prod"], []) }).Hash(ChangeKind.Config, false),
            (content with { Rollout = new() { Soak = TimeSpan.Zero } }).Hash(ChangeKind.Config, false), (content with { Rollout = new() { Gates = false } }).Hash(ChangeKind.Config, false),
            content.Hash(ChangeKind.Flag, false), content.Hash(ChangeKind.Config, true),
        ];
        Assert.DoesNotContain(hash, others);
        Assert.Equal(others.Length, others.Distinct().Count());
    }
}
