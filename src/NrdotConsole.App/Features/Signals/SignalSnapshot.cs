using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Snapshots;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// What the signals had learnt at a moment, and what no other file tells: detectors and forests, rates, cadences, when each
/// process was seen, which series were known. The hosts are not yet in any sum.
/// </summary>
internal sealed class SignalSnapshot
{
    /// <summary>The only limits of a file that was checked as a whole: they keep a fault of ours from filling the memory.</summary>
    const int MaxHosts = ResourceTable.HostLimit, MaxSeriesPerHost = 10_000_000;

    public required DateTimeOffset At { get; init; }
    public required ForestTrainer Forests { get; init; }

    /// <summary>By tenant; the fleet's under "".</summary>
    public Dictionary<string, (CardinalityGrowth Growth, SteadyState LowCritical)> Scopes { get; } = [];
    public Dictionary<(string Tenant, string Key), HostSignals> Hosts { get; } = [];

    /// <summary>What is one for all hosts, and how many hosts follow.</summary>
    public static void WriteHead(BinaryWriter to, SignalEngine engine, ForestTrainer forests, int hosts)
    {
        to.Write(engine.Now.ToUnixTimeMilliseconds());
        forests.Save(to);
        to.Write(engine.Tenants.Count + 1);
        foreach (var scope in engine.Tenants.Values.Append(engine.Fleet))
        {
            to.Write(scope.Scope.Tenant ?? "");
            scope.Growth.Save(to);
            Plain.Write(to, scope.LowCritical);
        }
        to.Write(hosts);
    }

    /// <param name="known">The store's host of a tenant and key; null for one that it has forgotten.</param>
    public static SignalSnapshot Read(BinaryReader from, Func<string, string, TelemetryHost?> known)
    {
        var snapshot = new SignalSnapshot { At = DateTimeOffset.FromUnixTimeMilliseconds(from.ReadInt64()), Forests = ForestTrainer.Load(from) };
        for (var left = Plain.Count(from, MaxHosts); left > 0; left--)
        {
            var (tenant, growth) = (from.ReadString(), new CardinalityGrowth());
            growth.Load(from);
            snapshot.Scopes[tenant] = (growth, Plain.Read<SteadyState>(from));
        }
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var left = Plain.Count(from, MaxHosts); left > 0; left--)
        {
            var (tenant, key) = (from.ReadString(), from.ReadString());
            var stored = known(tenant, key);
            var host = ReadHost(from, new(stored ?? new(0, tenant, key, 0), null), words);
            if (stored is not null) snapshot.Hosts[(tenant, key)] = host;
        }
        return snapshot;
    }

    public static void WriteHost(BinaryWriter to, HostSignals host, ReadOnlySpan<ulong> series)
    {
        to.Write(host.Host.Tenant);
        to.Write(host.Host.Key);
        Plain.Write(to, host.MetricCadence);
        Plain.Write(to, host.ProcessCadence);
        Plain.Write(to, host.InventoryCadence);
        foreach (var time in (ReadOnlySpan<long>)[host.MetricPointUnixMs, host.ProcessPointUnixMs, host.InventoryPointUnixMs, host.LastProcessMetricUnixMs, host.InventoryUnixMs, host.WatchedSinceUnixMs]) to.Write(time);
        Plain.Write(to, host.Usage);
        to.Write(host.PointAgeMs);
        Plain.Write<UsageRate>(to, host.ClassTotals);
        Plain.Write<UsageRate>(to, host.ClassTotalsBefore);
        Plain.Write<UsageRate>(to, host.ClassTotalsEarlier);
        to.Write(host.ClassesTurnedUnixMs);
        to.Write(host.UsageDay.DayNumber);
        foreach (var count in (ReadOnlySpan<long>)[host.DayBytes, host.DayPoints, host.MonthBytes, host.MonthPoints, host.MintedSeries]) to.Write(count);
        to.Write(host.LogicalCpus);
        Plain.Write(to, host.StaleState);
        Plain.Write(to, series);
        to.Write(host.Processes.Count);
        foreach (var process in host.Processes.Values) WriteProcess(to, process);
    }

    static HostSignals ReadHost(BinaryReader from, HostSignals host, Dictionary<string, string> words)
    {
        (host.MetricCadence, host.ProcessCadence, host.InventoryCadence) = (Plain.Read<Cadence>(from), Plain.Read<Cadence>(from), Plain.Read<Cadence>(from));
        (host.MetricPointUnixMs, host.ProcessPointUnixMs, host.InventoryPointUnixMs) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        (host.LastProcessMetricUnixMs, host.InventoryUnixMs, host.WatchedSinceUnixMs) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        (host.Usage, host.PointAgeMs) = (Plain.Read<UsageWindow>(from), from.ReadInt64());
        Classes(from)?.CopyTo(host.ClassTotals, 0);
        (host.ClassTotalsBefore, host.ClassTotalsEarlier, host.ClassesTurnedUnixMs) = (Classes(from), Classes(from), from.ReadInt64());
        host.UsageDay = DateOnly.FromDayNumber(from.ReadInt32());
        (host.DayBytes, host.DayPoints, host.MonthBytes, host.MonthPoints, host.MintedSeries) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64());
        (host.LogicalCpus, host.StaleState) = (from.ReadDouble(), Plain.Read<SteadyState>(from));
        host.KnownSeries = Plain.ReadArray<ulong>(from, MaxSeriesPerHost);
        for (var left = Plain.Count(from, MaxSeriesPerHost); left > 0; left--)
        {
            var process = ReadProcess(from, host, words);
            host.Processes[(process.Executable, process.Owner)] = process;
        }
        return host;
    }

    /// <summary>Null where none were kept, or where there were other classes.</summary>
    static UsageRate[]? Classes(BinaryReader from) => Plain.ReadArray<UsageRate>(from, 1000) is { } rates && rates.Length == UsageClasses.Count ? rates : null;

    static void WriteProcess(BinaryWriter to, ProcessSignals process)
    {
        to.Write(process.Executable);
        to.Write(process.Owner);
        foreach (var time in (ReadOnlySpan<long>)[process.FirstMetricUnixMs, process.LastMetricUnixMs, process.LastInventoryUnixMs, process.FedUnixMs]) to.Write(time);
        to.Write(process.Tracker is not null);
        process.Tracker?.Save(to);
    }

    static ProcessSignals ReadProcess(BinaryReader from, HostSignals host, Dictionary<string, string> words)
    {
        var (executable, owner) = (Word(), Word());
        var process = new ProcessSignals(executable, owner, ProcessClassification.Default.Of(executable))
        {
            FirstMetricUnixMs = from.ReadInt64(), LastMetricUnixMs = from.ReadInt64(), LastInventoryUnixMs = from.ReadInt64(), FedUnixMs = from.ReadInt64(), Scrape = ScrapeSums.Empty,
        };
        if (from.ReadBoolean()) process.Tracker = AnomalyTracker.Load(new(host.Host.Tenant, host.Host.Key, host.Host.Name, executable, owner), from);
        return process;

        // Thousands of hosts run processes of the same names.
        string Word() => from.ReadString() is var word && words.TryGetValue(word, out var known) ? known : words[word] = word;
    }
}
