using NrdotConsole.Benchmarks;

// Each prints ratios against a baseline measured in the same run: absolute figures belong to the machine.
// usage: dotnet run -c Release --project tests/NrdotConsole.Benchmarks [-- name ...]
(string Name, Func<Report, Task> Run)[] benchmarks =
[
    ("ingest", IngestBenchmark.RunAsync),
];

var chosen = benchmarks.Where(b => args.Length == 0 || args.Contains(b.Name)).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"No benchmark of that name; there are: {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}
var report = new Report(Console.Out);
foreach (var (_, run) in chosen) await run(report);
return 0;
