using System.Diagnostics;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.App.Tests.Data;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>What is pasted on a host works as it is.</summary>
public sealed class SupervisorSnippetTests
{
    const string Endpoint = "ws://console.example:4320/v1/opamp", Token = "nre_0123456789";

    [Fact]
    public void The_shell_writes_the_unit_s_environment_for_its_owner_alone_and_starts_it()
    {
        using var directory = new TempDirectory();
        var root = directory.Data.Path;
        // Everything happens in a folder of the test's, and systemd is not asked.
        var script = "sudo() { case $1 in systemctl) echo \"$@\" ;; *) \"$@\" ;; esac; }\ntouch nrdot-supervisor.service\n"
            + SupervisorSnippet.RenderOwn(Endpoint, "http://console.example:4318", Token).Replace("/etc/", $"{root}/etc/", StringComparison.Ordinal).Replace("install -m 0644", "install -D -m 0644", StringComparison.Ordinal)
                .Replace("/systemd/system/", "/systemd/system/nrdot-supervisor.service", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-eu", "-c", script]) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = shell.StandardOutput.ReadToEnd();
        Assert.Equal("", shell.StandardError.ReadToEnd());
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        Assert.EndsWith("systemctl enable --now nrdot-supervisor\n", said);
        var file = Path.Combine(root, "etc/nrdot-supervisor/nrdot-supervisor.conf");
        Assert.Superset(new HashSet<string> { $"NRDOT_ENDPOINT={Endpoint}", $"NRDOT_ENROLMENT_TOKEN={Token}", "NRDOT_CONSOLE_OTLP=http://console.example:4318" }, File.ReadAllLines(file).ToHashSet());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void The_files_are_sound_yaml()
    {
        var supervisor = YamlTree.Read(SupervisorSnippet.RenderOpenTelemetry(Endpoint, Token)).Root!.AsMap!;
        Assert.Equal(Endpoint, supervisor.Find("server")!.AsMap!.Find("endpoint")!.Value);
        Assert.NotNull(YamlTree.Read(SupervisorSnippet.RenderExtension(Endpoint, Token)).Root!.AsMap!.Find("extensions"));
    }
}
