namespace NrdotConsole.App.Platform.Cli;

/// <summary>Commands that run instead of the web host. Settings (<c>--Console:HttpPort=8080</c>) are no command.</summary>
internal static class CommandLine
{
    const string Usage =
        """
        NrdotConsole.App [--Section:Key=value ...]      starts the console
        NrdotConsole.App --demo [...]                   the same, with a live fleet of simulated hosts beside it
        NrdotConsole.App audit verify [--data DIR]      checks the audit log's chain; exit code 1 names the first broken row
        NrdotConsole.App validate PATH...               checks configuration: a folder, or single files; exit code 1 if there is an error
        NrdotConsole.App day1 [--url URL] [--token TOKEN] [--tenant T [--host KEY]] [--ring N]
                                                        day-1 validation by a running console; exit code 0 pass, 1 fail, 2 usage, 3 unknown
        NrdotConsole.App health                         asks the running console whether it is ready; exit code 1 if not
        """;

    /// <returns>The exit code, or null when there is no command and the console starts.</returns>
    public static async Task<int?> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        switch (args)
        {
            case ["-h" or "--help" or "help", ..]:
                await output.WriteLineAsync(Usage);
                return 0;
            case ["audit", "verify"]:
                return await AuditVerifyCommand.RunAsync(ConfiguredDataDirectory(), output);
            case ["audit", "verify", "--data", var directory]:
                return await AuditVerifyCommand.RunAsync(directory, output);
            case ["validate", _, ..]:
                return ValidateCommand.Run(args[1..], output, errors);
            case ["day1", ..]:
                return await DayOneCommand.RunAsync(args[1..], Environment.GetEnvironmentVariable, output, errors);
            case ["health"]:
                return await HealthCommand.RunAsync(Configured(), output);
            case [var first, ..] when !first.StartsWith('-') && !first.Contains('='):
                await errors.WriteLineAsync($"Unknown command: {string.Join(' ', args)}\n\n{Usage}");
                return 2;
            default:
                return null;
        }
    }

    static string ConfiguredDataDirectory() => Configured()["Console:DataDirectory"] ?? "data";

    static IConfigurationRoot Configured() => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true).AddEnvironmentVariables().Build();
}
