using NrdotConsole.App.Features.Profiles;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Tests.Profiles;

public sealed class ProfileEditTests
{
    static readonly string s_text = ShippedFiles.All[ProfileEdit.File];

    static Profile Shipped(string name) => ShippedProfiles.All.Find(name)!;

    static string Edited(string text, string profile, Action<ProfileNumbers> change)
    {
        var (before, after) = (ProfileNumbers.Of(Shipped(profile)), ProfileNumbers.Of(Shipped(profile)));
        change(after);
        var (edited, fault) = ProfileEdit.Apply(text, profile, before, after);
        Assert.True(edited is not null, fault?.Message);
        return edited;
    }

    [Fact]
    public void Only_the_lines_of_changed_numbers_change()
    {
        var edited = Edited(s_text, "balanced", n => (n.CpuPercent, n.MinImportance, n.TargetReductionPercent) = (15, 0.65, 75));
        var changed = s_text.Split('\n').Zip(edited.Split('\n')).Where(l => l.First != l.Second).Select(l => l.Second.Trim()).Order();
        Assert.Equal(["cpu_percent: 15", "min_importance: 0.65", "target_reduction: 0.75"], changed);
    }

    [Fact]
    public void What_was_written_is_what_the_file_then_means()
    {
        var edited = Edited(s_text, "conservative", n => (n.IntervalSeconds, n.MemoryMb, n.IoKbPerSecond, n.MaxSeriesPerHost) = (120, 250, 7_500, 1_800));
        var report = ConfigValidation.Validate(new Dictionary<string, string> { [ProfileEdit.File] = edited });
        Assert.Empty(report.Errors);
        var profile = report.State!.Profiles.Find("conservative")!;
        Assert.Equal((TimeSpan.FromSeconds(120), 250d, 7_500d, 1_800), (profile.Interval, profile.MemoryMb, profile.IoKbPerSecond, profile.MaxSeriesPerHost));
        Assert.Equal(Shipped("conservative").TopK, profile.TopK);
    }

    [Fact]
    public void A_comment_behind_a_number_stays()
    {
        var text = s_text.Replace("cpu_percent: 10\n", "cpu_percent: 10   # measured in March\n", StringComparison.Ordinal);
        Assert.Contains("cpu_percent: 12   # measured in March\n", Edited(text, "balanced", n => n.CpuPercent = 12), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing here: [", "a file that can be read")]
    [InlineData("profiles: {}", "stands in the file")]
    [InlineData("profiles: {balanced: {keep: {cpu_percent: 10}}}", "a line of its own")]
    public void What_a_form_cannot_write_is_refused_with_why(string text, string why)
    {
        var (before, after) = (ProfileNumbers.Of(Shipped("balanced")), ProfileNumbers.Of(Shipped("balanced")));
        after.CpuPercent = 12;
        Assert.Contains(why, ProfileEdit.Apply(text, "balanced", before, after).Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_drafts_a_change_of_the_file_and_no_more()
    {
        using var world = new ChangeWorld();
        await world.WithAsync("ann", "bob");
        var numbers = ProfileNumbers.Of(Shipped("balanced"));
        numbers.CpuPercent = 12;
        var head = world.Repository.Head;
        var (id, refusal) = await new ProfileChanges(world.Repository, world.Life).DraftAsync(new("ann", Platform.Audit.ActorKind.User), Shipped("balanced"), numbers, "less noise");
        Assert.Null(refusal);
        var change = (await world.Store.FindAsync(id!.Value))!;
        Assert.Equal((ChangeKind.Profile, "Profile balanced: CPU % 10 → 12"), (change.Kind, change.Title));
        Assert.Equal(ChangeState.Validated, change.State);
        Assert.Equal(head, world.Repository.Head);
        Assert.Equal([ProfileEdit.File], world.Repository.Changes(head, change.Content.Commit).Select(f => f.Path));
    }

    [Fact]
    public void Numbers_out_of_range_name_their_range()
    {
        var numbers = ProfileNumbers.Of(Shipped("balanced"));
        (numbers.MinImportance, numbers.IntervalSeconds) = (1.5, 0);
        Assert.Equal(["Least importance", "Interval"], numbers.Faults().Select(f => f.Field));
    }
}
