namespace NrdotConsole.Core.Profiles;

/// <summary>Spelling in the collector's transformation language, within a configuration whose <c>${…}</c> the collector expands first.</summary>
static class Ottl
{
    /// <summary>A string literal.</summary>
    public static string Quote(string text) => $"\"{Escape(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>A dollar sign that stays one: the collector reads <c>$$</c> as one and takes <c>${</c> for a reference.</summary>
    public static string Escape(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    public static string Unescape(string text) => text.Replace("$$", "$", StringComparison.Ordinal);
}
