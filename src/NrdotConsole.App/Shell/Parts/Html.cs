using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;

namespace NrdotConsole.App.Shell.Parts;

/// <summary>
/// Elements as one text. To a circuit that is one frame of its render tree, where each element, attribute and text is one of its own, kept twice for
/// as long as the page is open. For what is drawn again as a whole and holds nothing that has the keyboard's focus while it changes.
/// </summary>
internal static class Html
{
    /// <summary>Most texts held for all circuits; then it begins anew.</summary>
    const int SharedLimit = 2048;

    static readonly ConcurrentDictionary<string, string> s_shared = new(StringComparer.Ordinal);

    /// <summary>What stands in holes is encoded, but for markup.</summary>
    public static MarkupString Of(HtmlText text) => text.ToMarkup();

    /// <summary>The same, as one object for every circuit that shows it.</summary>
    public static MarkupString Shared(HtmlText text) => new(Shared(text.ToMarkup().Value));

    /// <summary>An equal text that others hold already.</summary>
    public static string Shared(string text)
    {
        if (s_shared.Count >= SharedLimit) s_shared.Clear();
        return s_shared.GetOrAdd(text, text);
    }
}

[InterpolatedStringHandler]
internal ref struct HtmlText(int literalLength, int formattedCount)
{
    static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount);

    public void AppendLiteral(string literal) => _text.AppendLiteral(literal);

    public void AppendFormatted(MarkupString? markup) => _text.AppendLiteral(markup?.Value ?? "");

    public void AppendFormatted(string? text)
    {
        if (text is not null) _text.AppendLiteral(s_encoder.Encode(text));
    }

    public void AppendFormatted(long number) => _text.AppendFormatted(number);

    public MarkupString ToMarkup() => new(_text.ToStringAndClear());
}
