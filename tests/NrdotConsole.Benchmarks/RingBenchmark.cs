using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.Benchmarks;

/// <summary>Assigning a fleet to rings against sorting the same hosts by their keys.</summary>
internal static class RingBenchmark
{
    public static Task RunAsync(Report report, Scale scale)
    {
        var count = scale.Of(1_000_000, 20_000);
        report.Section($"Rings: {count:N0} hosts");
        HostIdentity[] hosts = [.. Enumerable.Range(0, count).Select(i => new HostIdentity($"tenant-{i % 50}", $"i-{i * 2654435761L:x12}", $"host-{i}"))];
        int[] nowhere = [.. Enumerable.Repeat(RingAssignment.None, count)];
        var plan = RingPlan.Default;

        Cpu fresh = default, moved = default, sort = default;
        fresh.Start();
        var rings = RingAssignment.Rebalance(plan, hosts, nowhere);
        fresh.Stop();
        var shifted = plan with { Rings = [.. plan.Rings.Select(r => r with { Share = r.Id switch { 0 => 0.30m, 4 => 0.15m, _ => r.Share } })] };
        moved.Start();
        var moves = RingAssignment.Moves(hosts, rings, RingAssignment.Rebalance(shifted, hosts, rings));
        moved.Stop();
        string[] keys = [.. hosts.Select(h => h.Key)];
        sort.Start();
        Array.Sort(keys, StringComparer.Ordinal);
        sort.Stop();

        report.Ratio("assigned from nothing", fresh.Seconds, "CPU-s", "sorting their keys", sort.Seconds, "2 s");
        report.Ratio("10 % of the shares shifted: what moves", moved.Seconds, "CPU-s", "sorting their keys", sort.Seconds, "2 s");
        report.Note($"{moves.Count:N0} hosts move, no more than must");
        return Task.CompletedTask;
    }
}
