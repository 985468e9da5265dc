using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>
/// Gathers what a gate judges: the wave's hosts, and a control of hosts that this rollout has not touched, measured over the same time. Measures
/// are the rows of the fleet, as every page shows them.
/// </summary>
internal sealed class GateKeeper(SignalBoard board, RolloutFleet fleet)
{
    /// <summary>Hosts of a control; more add little certainty.</summary>
    public const int MostControl = 500;

    /// <summary>
    /// A treated host's data counts once this many of its intervals have passed: the first scrape after it comes within one, and is still counted
    /// together with the last of the old configuration; the second is the new one's alone. The rest is for jitter.
    /// </summary>
    const double SettleIntervals = 1.05;
    static readonly TimeSpan s_settleLeast = TimeSpan.FromSeconds(1);

    /// <summary>Dollars an hour are an average over so long: before, a saving cannot have come yet, while a growth already shows.</summary>
    static readonly TimeSpan s_costLag = TimeSpan.FromMilliseconds(2 * UsageWindow.LongestMs);

    static readonly TimeSpan s_startUp = TimeSpan.FromMinutes(2);

    /// <summary>A collector that began anew so long after its agent's answer did so by no configuration's taking.</summary>
    static readonly TimeSpan s_taking = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A supervisor forgives a collector one end soon after a new configuration. So it is no failure, and no proof either: the host
    /// counts again when a second one would have shown.
    /// </summary>
    static readonly TimeSpan s_probation = TimeSpan.FromMinutes(2);

    static readonly HostMeasures s_unknown = new(null, null, null, null, null, null, null, null);

    readonly RestartWatch _restarts = new();

    /// <summary>Follows restarts of collectors; call it at every step.</summary>
    public void Watch()
    {
        foreach (var row in Rows()) _restarts.See(row);
    }

    /// <summary>What the wave's hosts and their control measure now. The control is of untreated hosts: of control rings where there are enough, else of the same tenants, else any.</summary>
    public IReadOnlyList<BaselineHost> Baseline(RolloutPlan plan, RolloutState state, int wave)
    {
        var treated = state.Agents.Values.Where(a => plan.WaveOf(a.Target.Ring) == wave).Select(a => (a.Target.Tenant, a.Target.HostKey)).ToHashSet();
        var touched = state.Agents.Values.Where(a => state.HasBegun(plan.WaveOf(a.Target.Ring))).Select(a => (a.Target.Tenant, a.Target.HostKey)).ToHashSet();
        var controlRings = plan.Waves.Where(w => w.Role == RingRole.Control).Select(w => w.Ring).ToHashSet();
        var inControlRing = state.Agents.Values.Where(a => controlRings.Contains(a.Target.Ring)).Select(a => (a.Target.Tenant, a.Target.HostKey)).ToHashSet();
        var tenants = treated.Select(t => t.Tenant).ToHashSet();
        var rows = Rows();
        var control = rows.Where(r => !touched.Contains((r.Tenant, r.HostKey)) && !treated.Contains((r.Tenant, r.HostKey)) && r.Health is HostHealth.Healthy or HostHealth.Degraded)
            .OrderBy(r => inControlRing.Contains((r.Tenant, r.HostKey)) ? 0 : tenants.Contains(r.Tenant) ? 1 : 2)
            .ThenBy(r => Hash64.Of($"{r.Tenant}/{r.HostKey}")).ToList();
        var best = control.Count(r => inControlRing.Contains((r.Tenant, r.HostKey)));
        if (best < GateJudge.LeastJudgingAlone) best = Math.Max(best, control.Count(r => inControlRing.Contains((r.Tenant, r.HostKey)) || tenants.Contains(r.Tenant)));
        if (best < GateJudge.LeastHosts) best = control.Count;
        _restarts.Begin();
        return
        [
            .. rows.Where(r => treated.Contains((r.Tenant, r.HostKey))).Select(r => new BaselineHost(r.Tenant, r.HostKey, true, Measure(r))),
            .. control.Take(Math.Min(best, MostControl)).Select(r => new BaselineHost(r.Tenant, r.HostKey, false, Measure(r))),
        ];
    }

    /// <summary>The evidence of a look. Agents that were away count nowhere; those that failed count as unhealthy only.</summary>
    /// <param name="countsSilence">False shortly after a start: hosts were not heard because nobody listened.</param>
    public IReadOnlyList<GateHost> Evidence(Rollout rollout, int wave, IReadOnlyList<BaselineHost> baseline, DateTimeOffset now, bool countsSilence)
    {
        var rows = Rows().ToDictionary(r => (r.Tenant, r.HostKey));
        var before = baseline.ToDictionary(b => (b.Tenant, b.HostKey));
        var evidence = new List<GateHost>();
        foreach (var agent in rollout.State.Agents.Values)
        {
            if (rollout.Plan.WaveOf(agent.Target.Ring) != wave || agent.WasAbsent || !agent.IsTouched) continue;
            var key = (agent.Target.Tenant, agent.Target.HostKey);
            var row = rows.GetValueOrDefault(key);
            var isIll = agent.HasFailed || fleet.Find(agent.Target.Uid)?.Healthy == false || IsIll(row, key, restartsAllowed: 2, countsSilence);
            var isSettled = row is not null && agent is { State: AgentState.ConfigApplied, AnsweredAt: { } applied } && row.LastSeen - applied >= Settle(row) && !CameAgain(key, applied, now);
            var expected = rollout.Expected.GetValueOrDefault(agent.Target.Uid, Expectation.None);
            var isCostLate = now - agent.AnsweredAt < s_costLag;
            evidence.Add(new(agent.Target.Tenant, agent.Target.HostKey, true, agent.HasFailed ? s_unknown : before.GetValueOrDefault(key)?.Measures ?? s_unknown, isSettled ? Measure(row!) : null, isIll)
            {
                ExpectedSeriesRatio = expected.SeriesRatio, ExpectedCostRatio = isCostLate ? Math.Max(1, expected.CostRatio) : expected.CostRatio,
            });
        }
        foreach (var host in baseline.Where(b => !b.IsTreated))
        {
            var row = rows.GetValueOrDefault((host.Tenant, host.HostKey));
            var isFresh = row is { Health: HostHealth.Healthy or HostHealth.Degraded };
            evidence.Add(new(host.Tenant, host.HostKey, false, host.Measures, isFresh ? Measure(row!) : null, IsIll(row, (host.Tenant, host.HostKey), restartsAllowed: 1, countsSilence)));
        }
        return evidence;
    }

    IReadOnlyList<HostRow> Rows() => board.Fleet(SignalScope.Fleet).Current?.Rows ?? [];

    /// <summary>A reload is one restart, and no illness; several are.</summary>
    bool IsIll(HostRow? row, (string, string) key, int restartsAllowed, bool countsSilence) => (countsSilence && row?.Health == HostHealth.Stale) || _restarts.Of(key) > restartsAllowed;

    bool CameAgain((string, string) key, DateTimeOffset applied, DateTimeOffset now) =>
        _restarts.StartedAt(key) is { } started && started - applied > s_taking && now - started < s_probation;

    static TimeSpan Settle(HostRow row)
    {
        var intervals = TimeSpan.FromMilliseconds(row.IntervalMs * SettleIntervals);
        return intervals > s_settleLeast ? intervals : s_settleLeast;
    }

    /// <summary>A collector that has just taken a configuration has spent the CPU of its start: that is no load to judge it by.</summary>
    static HostDayOne DayOne(HostRow row)
    {
        var state = DayOneRule.OfHost(HostReading.Of(row));
        return row.Collector?.Uptime < s_startUp ? state with { Failing = [.. state.Failing.Where(k => k != DayOneRule.CpuKey)] } : state;
    }

    static HostMeasures Measure(HostRow row)
    {
        var points = row.PointsPerMinute / 60;
        var dropped = row.Collector?.DroppedPerSecond;
        return new(
            row.Collector?.Acceptance, row.Collector?.QueueShare, dropped switch { null => null, 0 => 0, { } d => points > 0 ? d / (d + points) : null },
            row.CriticalKnown > 0 ? row.CriticalReporting : null, row.CriticalKnown > 0 ? row.CriticalKnown : null,
            row.SeriesInScrape > 0 ? row.SeriesInScrape : null, row.SeriesMinted, row.UsdPerHour is { } usd and > 0 ? (double)usd : null)
        {
            DayOne = DayOne(row),
        };
    }
}
