using FsCheck.Xunit;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.Core.Tests.Changes;

public sealed class ChangeStatesTests
{
    static ChangeState Walk(ChangeState from, IEnumerable<ChangeStep> steps) => steps.Aggregate(from, (state, step) => ChangeStates.After(state, step) ?? state);

    [Property]
    public bool Nothing_leads_out_of_an_end(ChangeStep[] steps) =>
        Enum.GetValues<ChangeState>().Where(ChangeStates.IsEnd).All(end => Walk(end, steps) == end);

    [Property]
    public bool What_is_rolling_was_validated_and_approved_since_its_last_edit(ChangeStep[] steps)
    {
        var (state, validated, approved) = (ChangeState.Draft, false, false);
        foreach (var step in steps)
        {
            if (ChangeStates.After(state, step) is not { } next) continue;
            if (step == ChangeStep.Edit) (validated, approved) = (false, false);
            if (step == ChangeStep.Validate) validated = true;
            if (step == ChangeStep.EnoughApprovals) approved = true;
            state = next;
            if (state is ChangeState.Rolling && !(validated && approved)) return false;
        }
        return true;
    }

    [Property]
    public bool A_change_that_moves_is_never_edited_rejected_or_expired(ChangeStep[] steps)
    {
        var state = Walk(ChangeState.Draft, steps);
        return !ChangeStates.IsMoving(state)
            || new[] { ChangeStep.Edit, ChangeStep.Reject, ChangeStep.Expire, ChangeStep.Validate }.All(s => ChangeStates.After(state, s) is null);
    }

    [Fact]
    public void Every_state_can_be_reached_and_every_open_one_can_end()
    {
        var reached = new HashSet<ChangeState> { ChangeState.Draft };
        for (var before = 0; before != reached.Count;)
        {
            before = reached.Count;
            foreach (var state in reached.ToList())
                foreach (var step in Enum.GetValues<ChangeStep>())
                    if (ChangeStates.After(state, step) is { } next) reached.Add(next);
        }
        Assert.Equal(Enum.GetValues<ChangeState>().Length, reached.Count);
        Assert.All(Enum.GetValues<ChangeState>().Where(ChangeStates.IsOpen), s => Assert.NotNull(ChangeStates.After(s, ChangeStep.Expire)));
    }
}
