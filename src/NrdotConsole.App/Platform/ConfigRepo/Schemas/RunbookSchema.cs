using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>runbooks/*.md</c>, and <c>runbook-*.md</c> as the guide calls it: Markdown for people, with queries that may be wrong.</summary>
internal static partial class RunbookSchema
{
    public static bool IsRunbook(string path) => RunbookPath().IsMatch(path);

    public static void Check(string text, FaultList faults)
    {
        if (text.Length > ConfigLimits.MaxFileBytes) faults.Error(0, 0, "", $"The runbook has {text.Length} characters.", $"at most {ConfigLimits.MaxFileBytes}");
        var lines = text.Split('\n');
        if (!lines.Any(l => l.StartsWith("# ", StringComparison.Ordinal))) faults.Warning(1, 1, "", "The runbook has no title.", "begin it with '# Title'");
        for (var i = 0; i < lines.Length; i++)
        {
            var at = lines[i].IndexOf("uniqueCount(dimensions())", StringComparison.OrdinalIgnoreCase);
            if (at >= 0) faults.Warning(i + 1, at + 1, "", "NRQL has no documented uniqueCount(dimensions()).", "FROM Metric SELECT cardinality() SINCE today RAW FACET metricName");
        }
    }

    [GeneratedRegex(@"^(runbooks/[^/]+|runbook-[^/]+)\.md$")]
    private static partial Regex RunbookPath();
}
