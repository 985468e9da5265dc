using NrdotConsole.Benchmarks;

// Each prints ratios against a baseline measured in the same run: absolute figures belong to the machine.
// usage: dotnet run -c Release --project tests/NrdotConsole.Benchmarks [-- [--quick] name ...]
(string Name, Func<Report, Scale, Task> Run)[] benchmarks =
[
    ("ingest", IngestBenchmark.RunAsync),
    ("memory", MemoryBenchmark.RunAsync),
    ("disk", DiskBenchmark.RunAsync),
    ("query", QueryBenchmark.RunAsync),
    ("history", HistoryBenchmark.RunAsync),
    ("forest", ForestBenchmark.RunAsync),
    ("http", HttpBenchmark.RunAsync),
    ("hub", HubBenchmark.RunAsync),
    ("opamp", OpAmpBenchmark.RunAsync),
    ("rings", RingBenchmark.RunAsync),
    ("rollout", RolloutBenchmark.RunAsync),
    ("pages", PagesBenchmark.RunAsync),
];

if (args is [RawSockets.Argument, var clients]) return await RawSockets.ServeAsync(int.Parse(clients));

var scale = args.Contains("--quick") ? Scale.Quick : Scale.Full;
string[] names = [.. args.Where(a => a != "--quick")];
if (names.FirstOrDefault(n => benchmarks.All(b => b.Name != n)) is { } unknown)
{
    Console.Error.WriteLine($"No benchmark is named {unknown}; there are: {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}
var report = new Report(Console.Out);
report.Machine();
foreach (var (name, run) in benchmarks)
    if (names.Length == 0 || names.Contains(name)) await run(report, scale);
return 0;
