using System.Runtime.InteropServices;
using NrdotConsole.FleetSim;
using NrdotConsole.FleetSim.Cli;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}
SimOptions options;
try
{
    options = CommandLine.Parse(args, Environment.GetEnvironmentVariable(CommandLine.TokenVariable), Environment.GetEnvironmentVariable(CommandLine.EnrolmentVariable));
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}{Environment.NewLine}Try --help.");
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
if (options.WithParent)
{
    // A parent that is killed closes the pipe all the same.
    _ = Task.Run(async () =>
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
        await stop.CancelAsync();
    });
}
return await new FleetRun(options, TimeProvider.System, Console.Out).RunAsync(stop.Token);
