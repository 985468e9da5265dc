using System.Diagnostics;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Tests.Profiles;

/// <summary>
/// A real collector: what <c>OTELCOL</c> names, else an <c>otelcol</c>, <c>otelcol-contrib</c> or <c>nrdot-collector</c> of the path or of
/// <c>/opt/otelcol</c>. Without one its tests are skipped by name.
/// </summary>
internal sealed class RealCollector(string path)
{
    static readonly string[] s_names = ["otelcol", "otelcol-contrib", "nrdot-collector"];

    public static RealCollector Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/opt/otelcol");
        var found = new[] { Environment.GetEnvironmentVariable("OTELCOL") ?? "" }.Concat(folders.SelectMany(f => s_names.Select(n => Path.Combine(f, n)))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, "No OpenTelemetry Collector: name one in OTELCOL.");
        return new(found!);
    }

    public async Task<ComponentSet> ComponentsAsync()
    {
        var (code, output) = await RunAsync("components");
        Assert.Equal(0, code);
        var root = YamlTree.Read(output).Root!.AsMap!;
        return new(KnownComponents.Sections.ToDictionary(s => s,
            s => (IReadOnlySet<string>)((root.Find(s) as YamlList)?.Items ?? []).Select(i => i.AsMap!.Find("name")!.Value!).ToHashSet()));
    }

    public async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Patience.Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("HOST_ID", "real-host"), ("HOSTNAME", "real-host.example"), ("NRDOT_INGEST_TOKEN", "token"), ("NEW_RELIC_LICENSE_KEY", "key") })
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
