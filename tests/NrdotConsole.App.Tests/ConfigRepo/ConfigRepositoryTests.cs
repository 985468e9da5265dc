using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Data;

namespace NrdotConsole.App.Tests.ConfigRepo;

/// <summary>Against the real git program where it matters what others see.</summary>
public sealed class ConfigRepositoryTests : IDisposable
{
    static readonly CommitAuthor Ann = CommitAuthor.Of(new Actor("ann", ActorKind.User)), Bob = CommitAuthor.Of(new Actor("bob", ActorKind.User));

    readonly TempDirectory _directory = new();
    readonly FakeTimeProvider _time = new(new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => _directory.Dispose();

    ConfigRepository Open() => ConfigRepository.Open(_directory.Data, _time);

    static Dictionary<string, string?> Edit(string file, string? text) => new() { [file] = text };

    [Fact]
    public void The_first_start_commits_the_guides_files_as_they_are()
    {
        var repository = Open();
        Assert.Equal(ShippedFiles.All, repository.Tree(repository.Head).Files);
        Assert.Equal("main", Git.Run(repository.Path, "symbolic-ref", "--short", "HEAD"));
        Assert.Contains("ewma_anomaly_detection:", Git.Run(repository.Path, "show", "main:feature-flags.yaml"));
        Assert.Equal("", Git.Run(repository.Path, "fsck", "--strict", "--no-progress", "--no-dangling"));
    }

    [Fact]
    public void A_second_start_finds_what_the_first_left()
    {
        var head = Open().Head;
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(head, Open().Head);
    }

    [Fact]
    public void A_commit_is_by_its_author_and_leaves_main_alone()
    {
        var repository = Open();
        var head = repository.Head;
        var commit = repository.Commit("changes/7", head, Edit("budgets.yaml", "a: 1\n"), Ann, "Budget raised");
        Assert.Equal("ann <ann@console>", Git.Run(repository.Path, "log", "-1", "--format=%an <%ae>", "changes/7"));
        Assert.Equal((head, commit), (repository.Head, repository.Find("changes/7")));
        Assert.Equal(["budgets.yaml"], repository.CommitAt(commit!).Files);
    }

    [Fact]
    public void Who_comes_second_to_a_branch_is_told_and_changes_nothing()
    {
        var repository = Open();
        var first = repository.Commit("changes/7", repository.Head, Edit("a.yaml", "a: 1\n"), Ann, "first");
        Assert.Null(repository.Commit("changes/7", repository.Head, Edit("a.yaml", "a: 2\n"), Bob, "second"));
        Assert.Equal(first, repository.Find("changes/7"));
    }

    [Fact]
    public void Main_moves_straight_to_a_change_that_nothing_came_before()
    {
        var repository = Open();
        string? told = null;
        repository.MainMoved += c => told = c;
        var commit = repository.Commit("changes/7", repository.Head, Edit("runbooks/a.md", "# A\n"), Ann, "A");
        Assert.Equal(commit, repository.Merge("changes/7", Ann, "Change 7").Commit);
        Assert.Equal((commit, commit), (repository.Head, told));
    }

    [Fact]
    public void Changes_of_different_files_merge_with_both_as_parents()
    {
        var repository = Open();
        var from = repository.Head;
        repository.Commit("changes/1", from, Edit("runbooks/a.md", "# A\n"), Ann, "A");
        repository.Commit("changes/2", from, Edit("runbooks/b.md", "# B\n"), Bob, "B");
        repository.Merge("changes/1", Ann, "Change 1");
        var outcome = repository.Merge("changes/2", Bob, "Change 2");
        Assert.True(outcome.IsClean);
        Assert.Equal(2, repository.CommitAt(outcome.Commit!).Parents.Count);
        var files = repository.Tree("main").Files;
        Assert.Equal(("# A\n", "# B\n"), (files["runbooks/a.md"], files["runbooks/b.md"]));
    }

    [Fact]
    public void Lock_files_of_a_killed_console_do_not_stop_the_next_one()
    {
        var repository = Open();
        foreach (var file in new[] { "refs/heads/main.lock", "HEAD.lock", "config.lock", "packed-refs.lock" })
            File.WriteAllText(Path.Combine(repository.Path, file), "");
        var again = Open();
        again.Commit("changes/1", again.Head, Edit("runbooks/a.md", "# A\n"), Ann, "A");
        Assert.True(again.Merge("changes/1", Ann, "Change 1").IsClean);
    }

    [Fact]
    public void A_console_killed_while_making_the_repository_begins_again()
    {
        Directory.CreateDirectory(_directory.Data.File("config.git.making"));
        File.WriteAllText(Path.Combine(_directory.Data.File("config.git.making"), "HEAD"), "half");
        Assert.NotEmpty(Open().Head);
    }

    [Fact]
    public void History_is_newest_first_and_of_one_file_when_asked()
    {
        var repository = Open();
        var first = repository.Head;
        var a = repository.Commit("main", first, Edit("runbooks/a.md", "# A\n"), Ann, "A")!;
        _time.Advance(TimeSpan.FromMinutes(1));
        var b = repository.Commit("main", a, Edit("runbooks/b.md", "# B\n"), Bob, "B")!;
        Assert.Equal([b, a, first], repository.History("main", null, 0, 10).Select(c => c.Id));
        Assert.Equal([a], repository.History("main", "runbooks/a.md", 0, 10).Select(c => c.Id));
        Assert.Equal([a], repository.History("main", null, 1, 1).Select(c => c.Id));
    }

    [Fact]
    public void A_revert_takes_back_one_commit_and_keeps_what_came_later()
    {
        var repository = Open();
        var a = repository.Commit("main", repository.Head, Edit("runbooks/a.md", "# A\n"), Ann, "A")!;
        var b = repository.Commit("main", a, Edit("runbooks/b.md", "# B\n"), Bob, "B")!;
        var (edits, conflicts) = repository.Revert(a, b);
        Assert.Empty(conflicts);
        Assert.Equal(new Dictionary<string, string?> { ["runbooks/a.md"] = null }, edits);
    }
}
