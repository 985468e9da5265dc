using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>What the lever holds or lets go on, by name.</summary>
internal static class LeverEffects
{
    public static string Describe(ChangesSummary? changes, bool released = false)
    {
        var moving = changes?.Changes.Where(c => ChangeStates.IsMoving(c.State)).ToList() ?? [];
        if (moving.Count == 0) return released ? "No rollout is held." : "No rollout is under way now.";
        return string.Join("\n", moving.Select(c => $"Change {c.Id}, {c.Title}: {ChangeStates.Name(c.State)}, {ChangeWords.Reach(c.Blast)}. {(released ? "It goes on." : "It stays part-way.")}"));
    }
}
