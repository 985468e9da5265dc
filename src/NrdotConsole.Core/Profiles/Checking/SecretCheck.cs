using System.Text.RegularExpressions;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>A secret stands as a reference such as <c>${env:NEW_RELIC_LICENSE_KEY}</c>, never in clear: configurations are stored, shown and compared.</summary>
static partial class SecretCheck
{
    public static void Check(YamlMap config, Findings findings)
    {
        foreach (var entry in config.Entries) Walk(entry.Key, entry.Key, entry.Value, findings);
    }

    static void Walk(string path, string key, YamlNode node, Findings findings)
    {
        switch (node)
        {
            case YamlMap map:
                // The telemetry section writes headers as a list of names and values.
                var named = map.Find("name")?.Value;
                foreach (var entry in map.Entries)
                    Walk($"{path}.{entry.Key}", entry.Key == "value" && named is not null ? named : entry.Key, entry.Value, findings);
                break;
            case YamlList list:
                foreach (var item in list.Items) Walk(path, key, item, findings);
                break;
            case YamlScalar { Kind: YamlKind.Text } scalar when IsInClear(key, scalar.Text):
                findings.Error(node.Line, path, $"A secret stands in clear in '{key}'.", "Put it into the collector's environment and write ${env:NAME}.");
                break;
        }
    }

    static bool IsInClear(string key, string text)
    {
        if (text.Length == 0 || text.Contains("${", StringComparison.Ordinal) || text == "[REDACTED]") return false;
        return KeyOfVendor().IsMatch(text) || (SecretName().IsMatch(key) && !AboutSecret().IsMatch(key));
    }

    [GeneratedRegex(@"api[-_.]?key|token|passw|secret|authorization|licen[sc]e[-_.]?key|private[-_.]?key|access[-_.]?key|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // Where a secret is, or how it is used, is none.
    [GeneratedRegex(@"(?:_file|_path|_name|_url|_endpoint|_id|_type|_header|_provider)$", RegexOptions.IgnoreCase)]
    private static partial Regex AboutSecret();

    // New Relic's keys as they look.
    [GeneratedRegex(@"\b(?:[0-9a-f]{36}NRAL|[0-9a-fA-F]{32}FFFFNRAL|NRAK-[A-Z0-9]{20,})\b")]
    private static partial Regex KeyOfVendor();
}
