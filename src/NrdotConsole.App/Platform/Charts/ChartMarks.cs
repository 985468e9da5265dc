using System.Security.Claims;

namespace NrdotConsole.App.Platform.Charts;

/// <summary>A moment that every time chart shows as a line across it. <paramref name="Label"/> is a word or two, <paramref name="Text"/> a sentence; <paramref name="Tone"/> as of a tag.</summary>
internal sealed record ChartMark(DateTimeOffset At, string Label, string Text, string Href, string Tone);

/// <summary>What happened that explains a curve: features add their sources, charts ask for a window.</summary>
internal sealed class ChartMarks
{
    /// <summary>A chart with more lines than this shows its newest.</summary>
    public const int Most = 40;

    /// <summary>The marks of a window that somebody may see.</summary>
    public delegate Task<IReadOnlyList<ChartMark>> Source(ClaimsPrincipal user, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    Source[] _sources = [];

    public void Add(Source source) => _sources = [.. _sources, source];

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<ChartMark>> BetweenAsync(ClaimsPrincipal user, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var all = new List<ChartMark>();
        foreach (var source in _sources) all.AddRange(await source(user, from, to, ct));
        return [.. all.OrderBy(m => m.At).TakeLast(Most)];
    }
}
