namespace NrdotConsole.Conventions;

/// <summary>What can be held of the image without an engine to build it.</summary>
public sealed class DockerfileTests
{
    readonly string[] _lines = [.. Repository.Read("Dockerfile").Replace("\\\n", " ").Split('\n').Select(l => l.Trim())];

    [Fact]
    public void It_builds_in_stages_and_runs_on_the_runtime_alone()
    {
        var stages = _lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        Assert.True(stages.Count >= 2);
        Assert.Contains("/aspnet:10.0", stages[^1]);
        Assert.DoesNotContain(stages, s => s.Contains(":latest", StringComparison.Ordinal) || !s.Contains(':'));
    }

    [Fact]
    public void It_runs_as_no_root() =>
        Assert.NotEqual("USER root", _lines.Last(l => l.StartsWith("USER ", StringComparison.Ordinal)));

    [Fact]
    public void It_has_a_health_check_a_volume_for_data_and_the_four_ports()
    {
        Assert.Contains(_lines, l => l.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        Assert.Contains("VOLUME /data", _lines);
        Assert.Contains(_lines, l => l.Contains("Console__DataDirectory=/data", StringComparison.Ordinal));
        Assert.Contains("EXPOSE 8080 4317 4318 4320", _lines);
    }

    [Fact]
    public void What_it_copies_exists()
    {
        foreach (var copy in _lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from=", StringComparison.Ordinal)))
            foreach (var source in copy.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1])
                Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), $"{copy}: no {source}");
    }
}
