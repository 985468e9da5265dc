using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace NrdotConsole.App.Shell.Parts;

/// <summary>
/// What is drawn of a published record, once for all who look at it in the same view: open pages share its texts, and the work of making them.
/// Gone with the record.
/// </summary>
internal static class Drawn
{
    static readonly ConditionalWeakTable<object, ConcurrentDictionary<(Delegate, ViewState), object>> s_drawn = [];

    /// <param name="draw">Pure, and the same delegate at every call: a static method or lambda.</param>
    public static TDrawn Of<T, TDrawn>(T record, ViewState view, Func<T, ViewState, TDrawn> draw) where T : class where TDrawn : class =>
        (TDrawn)s_drawn.GetValue(record, static _ => new(1, 3)).GetOrAdd((draw, view), static (key, asked) => asked.draw(asked.record, key.Item2), (draw, record));
}
