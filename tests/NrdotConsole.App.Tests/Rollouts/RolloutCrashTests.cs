
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Tests.Rollouts;

/// <summary>
/// The console dies at a hundred seeded points of a rollout, good and bad ones; each time database, repository and engine are opened anew. The
/// fleet ends in one well-defined state, and no agent is given anything twice.
/// </summary>
public sealed class RolloutCrashTests
{
    const int Points = 50;

    [Theory]
    [InlineData(0.5, ChangeState.Applied)]
    [InlineData(2.0, ChangeState.RolledBack)]
    public async Task Wherever_the_console_dies_the_rollout_ends_as_if_it_had_not(double factor, ChangeState end)
    {
        using var template = new RolloutWorld(12) { SeriesFactor = factor, BadFrom = factor > 1 ? 1 : 4 };
        await template.SettleAsync();
        var id = (await template.StartAsync(options: RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(1), ApplyTimeout = TimeSpan.FromSeconds(20) })).Id;
        template.Close();
        var looks = await RunAsync(template, id, end, 0);
        Assert.True(looks > Points, $"only {looks} points to crash at");
        var random = new Random(20261123);
        var points = Enumerable.Range(1, looks).ToArray();
        random.Shuffle(points);
        foreach (var point in points.Take(Points)) await RunAsync(template, id, end, point);
    }

    static async Task<int> RunAsync(RolloutWorld template, long id, ChangeState end, int crashAt)
    {
        using var world = new RolloutWorld(template);
        var change = await world.ChangeAsync(id);
        world.Time.CrashAt = crashAt;
        for (var i = 0; i < 200 && ChangeStates.IsMoving(change.State); i++)
        {
            try
            {
                await world.TickAsync();
            }
            catch (CrashException)
            {
                world.Open();
            }
            change = await world.ChangeAsync(change.Id);
        }
        Assert.True(crashAt == 0 || world.Time.Looks >= crashAt, "it never crashed");
        Assert.Equal(end, change.State);
        Assert.Equal(end == ChangeState.Applied ? change.RollingCommit : change.PreviousCommit, world.Repository.Head);
        var rollout = (await world.Store.FindAsync(change.Id))!;
        Assert.Equal(end == ChangeState.Applied ? RolloutPhase.Applied : RolloutPhase.RolledBack, rollout.State.Phase);
        foreach (var agent in world.Agents)
        {
            var progress = rollout.State.Agents[agent.Uid];
            var shall = end == ChangeState.Applied ? progress.Target.TargetHash : progress.Target.PreviousHash;
            Assert.Equal((shall, shall), (world.Directory.Find(agent.Uid)!.AssignedHash, agent.Reported));
            Assert.Equal(end == ChangeState.Applied ? 1 : progress.IsTouched ? 2 : 0, agent.Taken.Count);
        }
        return world.Time.Looks;
    }
}
