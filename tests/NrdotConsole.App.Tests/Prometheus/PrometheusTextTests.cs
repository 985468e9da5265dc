using System.Diagnostics;
using NrdotConsole.App.Platform.Prometheus;

namespace NrdotConsole.App.Tests.Prometheus;

public sealed class PrometheusTextTests
{
    static readonly string Text = new PrometheusText()
        .Gauge("nrdot_coverage_score", "Importance-weighted\\coverage,\n0 to 1.")
        .Sample(0.5, ("tenant", "a\"b\\c\nd"))
        .Sample(null, ("tenant", "unknown"))
        .Counter("nrdot_points_total", "Points.").Sample(1e21).Sample(double.PositiveInfinity, ("kind", "inf"))
        .ToString();

    [Fact]
    public void Labels_and_help_are_escaped_and_an_unknown_value_is_absent() =>
        Assert.Equal("""
            # HELP nrdot_coverage_score Importance-weighted\\coverage,\n0 to 1.
            # TYPE nrdot_coverage_score gauge
            nrdot_coverage_score{tenant="a\"b\\c\nd"} 0.5
            # HELP nrdot_points_total Points.
            # TYPE nrdot_points_total counter
            nrdot_points_total 1E+21
            nrdot_points_total{kind="inf"} +Inf

            """, Text, ignoreLineEndingDifferences: true);

    [Fact]
    public void Promtool_accepts_it() => Promtool.Accepts(Text);
}

/// <summary>Prometheus's own checker of the text format.</summary>
internal static class Promtool
{
    public static void Accepts(string text)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool is not installed (Debian: prometheus)");
        using var promtool = Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"])
        { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        promtool.StandardInput.Write(text);
        promtool.StandardInput.Close();
        var said = promtool.StandardOutput.ReadToEnd() + promtool.StandardError.ReadToEnd();
        promtool.WaitForExit();
        Assert.True(promtool.ExitCode == 0 && said.Length == 0, $"promtool: {said}");
    }
}
