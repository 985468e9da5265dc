using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Tests.Flags;

/// <summary>While a Change of flags rolls, clients on hosts of the rings that it has reached get its flags.</summary>
public sealed class RollingFlagsTests : IAsyncLifetime
{
    static readonly DateTimeOffset s_at = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly FlagsHost _host = new();

    public async ValueTask InitializeAsync() => await _host.WithFlagsAsync();

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<string> AskAsync(string key, int ring) =>
        await (await FlagsHost.AskAsync(_host.Api, key, new { targetingKey = "somebody", ring })).Content.ReadAsStringAsync();

    /// <summary>A Change turns "disabled" on and adds "fresh"; its first rings have begun.</summary>
    void Roll(ChangeState state, RolloutPhase phase, int begun, ChangeTargets? targets = null)
    {
        var (repository, head) = (_host.Repository, _host.Repository.Head);
        var yaml = FlagsHost.Yaml.Replace("disabled: { enabled: false", "disabled: { enabled: true") + "  fresh: { enabled: true, rollout: { strategy: all } }\n";
        var commit = repository.Commit("changes/9", head, new Dictionary<string, string?> { [FlagEdit.File] = yaml }, new("ann", "ann@console"), "Flags")
            ?? repository.Find("changes/9")!;
        var content = new ChangeContent(head, commit, repository.TreeId(commit), targets ?? ChangeTargets.All, RolloutOptions.Default);
        var change = new Change(9, 1, 1, ChangeKind.Flag, "Flags", "", state)
        {
            Author = "ann", Authors = ["ann"], Content = content, Hash = "", RollingCommit = commit, PreviousCommit = head, CreatedAt = s_at, ChangedAt = s_at,
        };
        _host.Console.Get<ChangeBoard>().Newest.Publish(new(s_at, 1_000, [change]));
        var plan = RolloutPlan.Of(RingPlan.Default, RolloutPace.Default);
        var rollout = RolloutState.Start(plan, [], s_at) with { Phase = phase };
        rollout = rollout with { Waves = [.. rollout.Waves.Select((w, i) => i < begun ? w with { BegunAt = s_at } : w with { BegunAt = null })] };
        _host.Console.Get<SignalBoard>().Rollout.Publish(RolloutSummary.Of(9, "Flags", s_at, plan, rollout, null, _ => null));
    }

    [Fact]
    public async Task Hosts_of_rings_that_it_has_reached_get_its_flags_and_the_others_mains()
    {
        var order = RolloutPlan.Of(RingPlan.Default, RolloutPace.Default).Waves.Select(w => w.Ring).ToList();
        Roll(ChangeState.Rolling, RolloutPhase.Soaking, begun: 2);
        Assert.Contains("\"value\":true", await AskAsync("disabled", order[1]));
        Assert.Contains("\"value\":true", await AskAsync("fresh", order[0]));
        Assert.Contains("\"value\":false", await AskAsync("disabled", order[2]));
        Assert.Contains("FLAG_NOT_FOUND", await AskAsync("fresh", order[2]));
        var all = await (await FlagsHost.AskAsync(_host.Api, null, new { targetingKey = "somebody", ring = order[0] })).Content.ReadAsStringAsync();
        Assert.Contains("fresh", all);
    }

    [Theory]
    [InlineData(ChangeState.RollingBack, RolloutPhase.RollingBack)]
    [InlineData(ChangeState.Applied, RolloutPhase.Applied)]
    public async Task One_that_goes_back_or_has_ended_leaves_everybody_with_main(ChangeState state, RolloutPhase phase)
    {
        Roll(state, phase, begun: 5);
        Assert.Contains("\"value\":false", await AskAsync("disabled", 4));
    }

    [Fact]
    public async Task Whom_it_is_not_meant_for_has_mains()
    {
        var member = _host.Console.Get<RingAssignments>().Members[("prod", "i-2")];
        Roll(ChangeState.Rolling, RolloutPhase.Soaking, begun: 5, ChangeTargets.All with { Hosts = [new("prod", "i-2")] });
        Assert.Contains("\"value\":false", await AskAsync("disabled", member.Ring));
        Assert.Contains("\"value\":true", await (await FlagsHost.AskAsync(_host.Api, "disabled", new { targetingKey = "i-2", tenant = "prod" })).Content.ReadAsStringAsync());
    }
}
