using NrdotConsole.App.Features.Telemetry.Tokens;

namespace NrdotConsole.App.Tests.Telemetry.Otlp;

public sealed class CollectorSnippetTests
{
    readonly string[] _lines = CollectorSnippet.Render("http://console.example:4318/", "nri_secret").Split('\n');

    [Fact]
    public void It_sends_everything_here_with_the_token()
    {
        Assert.Equal(2, _lines.Count(l => l.Trim() == "endpoint: \"http://console.example:4318\""));
        Assert.Equal(2, _lines.Count(l => l.Contains("\"nri_secret\"")));
        Assert.DoesNotContain(_lines, l => l.Contains("{{") || l.Contains("}}"));
    }

    [Fact]
    public void Its_indentation_is_that_of_YAML()
    {
        var depth = 0;
        foreach (var line in _lines.Where(l => l.Trim().Length > 0 && !l.TrimStart().StartsWith('#')))
        {
            Assert.DoesNotContain('\t', line);
            var indent = line.Length - line.TrimStart().Length;
            Assert.True(indent % 2 == 0 && indent <= depth + 4, line);
            depth = indent;
        }
    }

    [Fact]
    public void Every_component_of_a_pipeline_is_configured()
    {
        var configured = _lines.Where(l => l.StartsWith("  ") && l.Length > 2 && l[2] != ' ' && l.TrimEnd().EndsWith(':')).Select(l => l.Trim().TrimEnd(':')).ToHashSet();
        var named = _lines.Where(l => l.TrimStart().Split(':')[0] is "receivers" or "processors" or "exporters" or "extensions" && l.Contains('['))
            .SelectMany(l => l[(l.IndexOf('[') + 1)..l.IndexOf(']')].Split(',', StringSplitOptions.TrimEntries));
        Assert.All(named, n => Assert.Contains(n, configured));
    }

    [Fact]
    public void The_memory_limiter_stands_first()
    {
        var chains = _lines.Where(l => l.Trim().StartsWith("processors: [")).ToList();
        Assert.NotEmpty(chains);
        Assert.All(chains, c => Assert.Contains("[memory_limiter,", c));
    }
}
