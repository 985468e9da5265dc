using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Changes;

/// <summary>Compares what hosts run under two desired states: pure, and linear in the hosts. Equal inputs are rendered once.</summary>
public sealed class DryRunRule(DesiredState before, DesiredState after, CollectorEndpoints endpoints)
{
    public const int MostShifts = 40, MostExamples = 8, MostNames = 200, MostErrors = 50;

    readonly Dictionary<(bool IsAfter, string Profile, int Ring, string? Tenant, string Flags), Rendering> _renderings = [];

    /// <summary>A configuration, what led to it, and what it lets through.</summary>
    public sealed class Rendering(RenderInput input)
    {
        readonly Lazy<ConfigEstimate> _estimate = new(() => ConfigEstimate.Of(input));

        public RenderInput Input => input;
        public CollectorConfig Config { get; } = CollectorConfigRenderer.Render(input);
        public ConfigEstimate Estimate => _estimate.Value;
    }

    /// <param name="diff">Compares two texts; asked once for each shift that is told.</param>
    /// <param name="check">What keeps a configuration from being sent; asked once for each that would be.</param>
    public DryRun Run(IReadOnlyList<DryRunHost> hosts, ChangeTargets targets, DateTimeOffset at, Func<string, string, IReadOnlyList<DiffLine>> diff, Func<Rendering, IReadOnlyList<DryRunError>> check)
    {
        var shifts = new Dictionary<(string, string), List<(DryRunHost Host, Rendering From, Rendering To)>>();
        var outside = new List<DryRunHost>();
        var excluded = 0;
        foreach (var host in hosts)
        {
            if (host.Ring is not { } ring || host.RingAfter is not { } ringAfter) continue;
            var (from, to) = (Render(false, before, host.Host, ring), Render(true, after, host.Host, ringAfter));
            if (from.Config.Hash == to.Config.Hash) continue;
            if (host.Excluded)
            {
                excluded++;
                continue;
            }
            if (!targets.Includes(host.Host.Tenant, host.Host.Key, host.Ring)) outside.Add(host);
            if (!shifts.TryGetValue((from.Config.Hash, to.Config.Hash), out var shift)) shifts[(from.Config.Hash, to.Config.Hash)] = shift = [];
            shift.Add((host, from, to));
        }
        var altered = shifts.Values.SelectMany(s => s).ToList();
        var notSteerable = altered.Where(a => !a.Host.Steered).Select(a => a.Host).ToList();
        return new(at, Blast(altered, notSteerable.Count), [.. shifts.Values.OrderByDescending(s => s.Count).Take(MostShifts).Select(s => Shift(s, diff))],
            Math.Max(0, shifts.Count - MostShifts), hosts.Count(h => h.Ring != h.RingAfter && h.Ring is not null),
            [.. notSteerable.Select(h => h.Host.Name).Order(StringComparer.Ordinal).Take(MostNames)],
            [.. Warnings(hosts, excluded, notSteerable.Count)],
            [.. Errors(outside), .. altered.Select(a => a.To).DistinctBy(r => r.Config.Hash).SelectMany(check).Distinct().Take(MostErrors)]);
    }

    /// <summary>Hosts whose configuration differs between the two states; excluded ones, and those without a ring, are left out.</summary>
    public IEnumerable<DryRunHost> Altered(IEnumerable<DryRunHost> hosts) => hosts.Where(h => h is { Excluded: false, Ring: { } ring, RingAfter: { } ringAfter }
        && Render(false, before, h.Host, ring).Config.Hash != Render(true, after, h.Host, ringAfter).Config.Hash);

    Rendering Render(bool isAfter, DesiredState state, in HostIdentity host, int ring)
    {
        var input = HostConfig.Resolve(state, host, ring, endpoints);
        var key = (isAfter, input.Profile.Name, ring, input.Tenant?.Name, string.Join(',', input.FlagsOn.Select(f => f.Key)));
        if (!_renderings.TryGetValue(key, out var rendering)) _renderings[key] = rendering = new(input);
        return rendering;
    }

    static ConfigShift Shift(List<(DryRunHost Host, Rendering From, Rendering To)> hosts, Func<string, string, IReadOnlyList<DiffLine>> diff)
    {
        var (_, from, to) = hosts[0];
        return new(from.Config.Hash, to.Config.Hash, from.Input.Profile.Name, to.Input.Profile.Name, hosts.Count, hosts.Count(h => !h.Host.Steered),
            Tenants(hosts), Rings(hosts), [.. hosts.Select(h => h.Host.Host.Name).Order(StringComparer.Ordinal).Take(MostExamples)])
        {
            Diff = diff(from.Config.Yaml, to.Config.Yaml),
        };
    }

    static BlastRadius Blast(List<(DryRunHost Host, Rendering From, Rendering To)> altered, int notSteerable)
    {
        decimal? usdBefore = null, usdAfter = null;
        double? seriesBefore = null, seriesAfter = null;
        var (coverageHosts, coverageBefore, coverageAfter) = (0, 0.0, 0.0);
        foreach (var (host, from, to) in altered)
        {
            var after = host.Steered ? ConfigEstimate.Scale(host, from.Estimate, to.Estimate) : (Usd: host.UsdPerHour, host.Series, host.Coverage);
            if (host.UsdPerHour is { } usd && after.Usd is { } usdThen) (usdBefore, usdAfter) = ((usdBefore ?? 0) + usd, (usdAfter ?? 0) + usdThen);
            if (host.Series is { } series && after.Series is { } seriesThen) (seriesBefore, seriesAfter) = ((seriesBefore ?? 0) + series, (seriesAfter ?? 0) + seriesThen);
            if (host.Coverage is { } coverage && after.Coverage is { } coverageThen)
                (coverageHosts, coverageBefore, coverageAfter) = (coverageHosts + 1, coverageBefore + coverage, coverageAfter + coverageThen);
        }
        return new(altered.Count, notSteerable, Tenants(altered), Rings(altered), usdBefore, usdAfter, seriesBefore, seriesAfter,
            coverageHosts > 0 ? coverageBefore / coverageHosts : null, coverageHosts > 0 ? coverageAfter / coverageHosts : null);
    }

    static List<string> Tenants(List<(DryRunHost Host, Rendering From, Rendering To)> hosts) =>
        [.. hosts.Select(h => h.Host.Host.Tenant).Distinct().Order(StringComparer.Ordinal)];

    static List<int> Rings(List<(DryRunHost Host, Rendering From, Rendering To)> hosts) => [.. hosts.Select(h => h.Host.RingAfter!.Value).Distinct().Order()];

    static IEnumerable<string> Warnings(IReadOnlyList<DryRunHost> hosts, int excluded, int notSteerable)
    {
        if (notSteerable > 0) yield return $"{Hosts(notSteerable)} without an agent that takes configuration: left as before.";
        if (excluded > 0) yield return $"{Hosts(excluded)} excluded from rollouts in rings.yaml: left as before.";
        if (hosts.Count(h => h.Ring is null) is > 0 and var ringless) yield return $"{Hosts(ringless)} without a ring yet: not counted.";
        if (hosts.Count == 0) yield return "No host is known yet: nothing could be compared.";
    }

    static string Hosts(int count) => count == 1 ? "1 host" : $"{count} hosts";

    static IEnumerable<DryRunError> Errors(List<DryRunHost> outside)
    {
        if (outside.Count == 0) yield break;
        yield return new($"{Hosts(outside.Count)} outside the targets: {string.Join(", ", outside.Take(5).Select(h => $"{h.Host.Tenant}/{h.Host.Name}"))}",
            "name them among the targets, or narrow the edit to the targets");
    }
}
