using System.Security.Claims;
using NrdotConsole.App.Features.Changes.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Charts;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Starts, ends and rollbacks of Changes as lines across every chart.</summary>
internal sealed class ChangeMarks(ChangeStore store, ChangeBoard board)
{
    public async Task<IReadOnlyList<ChartMark>> BetweenAsync(ClaimsPrincipal user, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        if (!user.Has(Permissions.ConfigRead)) return [];
        var seen = user.AllowedTenants() is null ? null : board.Newest.Current?.Changes.Where(c => user.MaySee(c)).Select(c => c.Id).ToHashSet() ?? [];
        return
        [
            .. (await store.MarksAsync(from, to, ChartMarks.Most, ct)).Where(m => seen is null || seen.Contains(m.Event.ChangeId)).Select(m => new ChartMark(
                m.Event.At, $"{m.Event.ChangeId} {Word(m.Event.Step)}", $"Change {m.Event.ChangeId}, {m.Title}: {m.Event.Text}", $"/changes/{m.Event.ChangeId}", Tone(m.Event.Step))),
        ];
    }

    static string Word(ChangeStep? step) => step switch
    {
        ChangeStep.Start => "start",
        ChangeStep.Apply => "applied",
        ChangeStep.Abort => "aborted",
        ChangeStep.FinishRollback => "is back",
        _ => "rollback",
    };

    static string Tone(ChangeStep? step) => step switch { ChangeStep.Start => "accent", ChangeStep.Apply => "good", ChangeStep.FinishRollback => "warn", _ => "bad" };
}
