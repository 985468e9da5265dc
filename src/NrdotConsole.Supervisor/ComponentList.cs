using System.Security.Cryptography;
using System.Text;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.Supervisor;

/// <summary>Reads what <c>collector components</c> prints: kinds at the margin, below each its components with a name.</summary>
internal static class ComponentList
{
    static readonly HashSet<string> s_kinds = ["receivers", "processors", "exporters", "connectors", "extensions"];

    /// <returns>Null where the collector has no such command.</returns>
    public static AvailableComponents? Parse(string text)
    {
        var kinds = new Dictionary<string, Dictionary<string, ComponentDetails>>(StringComparer.Ordinal);
        Dictionary<string, ComponentDetails>? current = null;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.EndsWith(':') && s_kinds.Contains(line[..^1])) kinds[line[..^1]] = current = new(StringComparer.Ordinal);
            else if (current is not null && line.StartsWith("- name:", StringComparison.Ordinal)) current[line[7..].Trim(' ', '"')] = ComponentDetails.Empty;
        }
        if (kinds.Count == 0) return null;
        var parts = kinds.ToDictionary(k => k.Key, k => new ComponentDetails([], k.Value));
        var names = string.Join('\n', kinds.OrderBy(k => k.Key, StringComparer.Ordinal).SelectMany(k => k.Value.Keys.Order(StringComparer.Ordinal).Select(n => $"{k.Key}/{n}")));
        return new(SHA256.HashData(Encoding.UTF8.GetBytes(names)), parts);
    }

    /// <summary>The version among the words of <c>collector --version</c>, or empty.</summary>
    public static string Version(string text) =>
        text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).LastOrDefault(w => char.IsAsciiDigit(w.TrimStart('v')[..Math.Min(1, w.TrimStart('v').Length)].FirstOrDefault())) ?? "";
}
