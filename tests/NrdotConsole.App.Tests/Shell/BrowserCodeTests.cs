using System.Diagnostics;
using System.Text.Json;

namespace NrdotConsole.App.Tests.Shell;

public sealed class BrowserCodeTests
{
    static readonly string s_assets = Path.Combine(Root(), "wwwroot-assets");

    [Fact]
    public async Task The_browsers_code_passes_its_own_tests()
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--test", .. Directory.GetFiles(Path.Combine(s_assets, "test"), "*.mjs")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await output + await errors);
    }

    /// <summary>From 5.0 on ApexCharts is free below a turnover only; 4.7.0 is the newest under MIT.</summary>
    [Fact]
    public void The_charts_library_stays_at_its_last_free_version()
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_assets, "package-lock.json")));
        Assert.Equal("4.7.0", locked.RootElement.GetProperty("packages").GetProperty("node_modules/apexcharts").GetProperty("version").GetString());
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NrdotConsole.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
