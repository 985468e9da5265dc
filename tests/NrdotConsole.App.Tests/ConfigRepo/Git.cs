using System.Diagnostics;

namespace NrdotConsole.App.Tests.ConfigRepo;

/// <summary>The real git program, told nothing by this machine's settings.</summary>
internal static class Git
{
    public static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new[] { ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null"), ("GIT_AUTHOR_NAME", "Pat"), ("GIT_AUTHOR_EMAIL", "pat@example.com"), ("GIT_COMMITTER_NAME", "Pat"), ("GIT_COMMITTER_EMAIL", "pat@example.com") })
            start.Environment[key] = value;
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.Result}");
        return output.Trim();
    }
}
