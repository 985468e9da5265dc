namespace NrdotConsole.Core.Profiles;

/// <summary>A component's id is <c>type</c> or <c>type/name</c>.</summary>
static class ComponentId
{
    /// <summary>A name that a collector takes behind the slash: anything but letters, digits, <c>_</c>, <c>-</c> and <c>.</c> becomes <c>_</c>.</summary>
    public static string Name(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));

    public static string TypeOf(string id) => id.Split('/', 2)[0];
}
