using System.Runtime.InteropServices;
using NrdotConsole.Supervisor;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}
if (CommandLine.Parse(args, Environment.GetEnvironmentVariable, out var fault) is not { } options)
{
    await Console.Error.WriteLineAsync($"{fault}{Environment.NewLine}nrdot-supervisor --help lists the options.");
    return 2;
}

using var ending = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
try
{
    using var supervisor = new Supervisor(options, TimeProvider.System, new Random(Environment.ProcessId), Console.Error);
    await supervisor.RunAsync(ending.Token);
    return 0;
}
catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync($"The supervisor cannot go on: {broken.Message}");
    return 1;
}
