using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Flags;

/// <summary>A guardrail and what it measures over the hosts that have the flag; null where none says anything.</summary>
internal sealed record GuardrailRow(string Signal, double? Min, double? Max, double? Measured, bool Broken);

/// <summary>
/// One flag as the table and the API show it. <paramref name="HostsOn"/> counts hosts of the fleet; <paramref name="Held"/> says why its
/// broken guardrail does not turn it off, <paramref name="Stale"/> why it should be gone; both are null where they do not apply.
/// </summary>
internal sealed record FlagRow(
    string Key, string Description, bool Enabled, FlagStrategy Strategy, decimal Percentage, IReadOnlyList<int> Rings, IReadOnlyList<string> Hosts, IReadOnlyList<string> Tenants, string InWords,
    IReadOnlyList<string> Prerequisites, IReadOnlyList<GuardrailRow> Guardrails, FlagTrip? Trip, string? Held, bool AltersCollectors, string? Owner, DateOnly? Expires,
    int HostsOn, int HostsTotal, long Evaluations, DateTimeOffset? LastEvaluatedAt, string? Stale);

/// <summary>Whom an edit would reach. Names are of some hosts; dollars an hour are what the hosts that change cost now, null where unknown.</summary>
internal sealed record FlagReach(int Before, int After, int Total, int Gain, int Lose, IReadOnlyList<string> Names, IReadOnlyList<string> Tenants, decimal? UsdPerHour);

/// <summary>Puts together what is known of every flag.</summary>
internal sealed class FlagBoard(LiveFlags live, FlagReached reached, DesiredStates desired, RingAssignments rings, FlagStore store, FlagUseLog log, SignalBoard signals, TimeProvider time)
{
    /// <summary>A flag that nobody has asked for so long, and that alters no collector, is stale.</summary>
    public static readonly TimeSpan UnusedFor = TimeSpan.FromDays(30);

    const int MostNames = 8;

    /// <param name="tenants">Whose hosts are counted; null for all.</param>
    public async Task<IReadOnlyList<FlagRow>> RowsAsync(IReadOnlySet<string>? tenants, CancellationToken ct = default)
    {
        var uses = (await store.UsesAsync(ct)).ToDictionary(u => u.Key);
        List<HostRow> rows = [.. (signals.Fleet(SignalScope.Fleet).Current?.Rows ?? []).Where(r => tenants is null || tenants.Contains(r.Tenant))];
        var total = tenants is null ? rings.Members.Count : Members(tenants).Count;
        var now = time.GetUtcNow();
        return [.. desired.Current.Flags.Flags.Select(flag =>
        {
            var on = HostsOf(flag.Key, tenants);
            var (use, count) = (uses.GetValueOrDefault(flag.Key), log.CountOf(flag.Key));
            var lastAt = count.LastAt ?? use?.EvaluatedAt;
            return new FlagRow(flag.Key, flag.Description, flag.Enabled, flag.Strategy, flag.Percentage, flag.Rings, flag.Hosts, flag.Tenants, FlagWords.Strategy(flag), flag.Prerequisites,
                Guardrails(flag, on, rows), live.Trips.GetValueOrDefault(flag.Key), live.Held.GetValueOrDefault(flag.Key), flag.CollectorConfig is not null, flag.Owner, flag.Expires, on.Count, total,
                Math.Max(use?.Evaluations ?? 0, count.On + count.Off), lastAt, StaleReason(flag, on.Count, total, lastAt, now));
        })];
    }

    /// <summary>The hosts that have it now, by name.</summary>
    public IReadOnlyList<RingMember> HostsOf(string key, IReadOnlySet<string>? tenants) =>
        tenants is null ? reached.Of(key) : [.. reached.Of(key).Where(m => tenants.Contains(m.Host.Tenant))];

    /// <summary>Hosts whose name or key holds the text, each with its verdict and why.</summary>
    public IReadOnlyList<(RingMember Host, FlagVerdict Verdict)> Explain(string key, string text, IReadOnlySet<string>? tenants, int limit) =>
    [
        .. Members(tenants).Where(m => m.Host.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || m.Host.Key.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(m => m.Host.Name.Length).ThenBy(m => m.Host.Name, StringComparer.Ordinal).Take(limit)
            .Select(m => (Host: m, Verdict: live.Evaluate(key, m.Host, m.Ring))).Where(m => m.Verdict is not null).Select(m => (m.Host, m.Verdict!)),
    ];

    /// <summary>Whom the flag would reach if it were <paramref name="wanted"/>; null removes it.</summary>
    public FlagReach Reach(string key, Flag? wanted, IReadOnlySet<string>? tenants)
    {
        var flags = desired.Current.Flags;
        FlagSet after = new([.. flags.Flags.Where(f => f.Key != key), .. wanted is null ? Array.Empty<Flag>() : [wanted]]);
        var (members, cost) = (Members(tenants), new Dictionary<(string, string), decimal?>());
        foreach (var row in signals.Fleet(SignalScope.Fleet).Current?.Rows ?? []) cost[(row.Tenant, row.HostKey)] = row.UsdPerHour;
        var changed = new List<RingMember>();
        var (before, reached, gain) = (0, 0, 0);
        foreach (var member in members)
        {
            var had = live.Evaluate(key, member.Host, member.Ring)?.Value == true;
            var has = FlagEvaluator.Evaluate(after, key, member.Host, member.Ring)?.Value == true;
            (before, reached) = (before + (had ? 1 : 0), reached + (has ? 1 : 0));
            if (had == has) continue;
            changed.Add(member);
            if (has) gain++;
        }
        var known = changed.Select(m => cost.GetValueOrDefault((m.Host.Tenant, m.Host.Key))).Where(c => c is not null).ToList();
        return new(before, reached, members.Count, gain, changed.Count - gain, [.. changed.Select(m => m.Host.Name).Order(StringComparer.Ordinal).Take(MostNames)],
            [.. changed.Select(m => m.Host.Tenant).Distinct().Order(StringComparer.Ordinal)], known.Count == 0 ? null : known.Sum());
    }

    List<RingMember> Members(IReadOnlySet<string>? tenants) => [.. rings.Members.Values.Where(m => tenants is null || tenants.Contains(m.Host.Tenant))];

    static IReadOnlyList<GuardrailRow> Guardrails(Flag flag, IReadOnlyList<RingMember> on, List<HostRow> rows)
    {
        if (flag.Guardrails.Count == 0) return [];
        var keys = on.Select(m => (m.Host.Tenant, m.Host.Key)).ToHashSet();
        List<HostRow> hosts = [.. rows.Where(r => keys.Contains((r.Tenant, r.HostKey)))];
        return [.. flag.Guardrails.Select(g => new GuardrailRow(g.Signal, g.Min, g.Max, GuardrailSignals.Measure(g.Signal, hosts), GuardrailSignals.Breach(g, hosts) is not null))];
    }

    static string? StaleReason(Flag flag, int on, int total, DateTimeOffset? lastAt, DateTimeOffset now)
    {
        if (flag.Expires is { } day && DateOnly.FromDateTime(now.UtcDateTime) > day) return $"It was to be gone by {day:yyyy-MM-dd}";
        if (lastAt is { } asked && now - asked > UnusedFor && flag.CollectorConfig is null) return $"Nobody has asked for it since {asked:yyyy-MM-dd}";
        return flag.Enabled && total > 0 && on == total && flag.Strategy == FlagStrategy.Percentage ? "It is on for every host: build it in and remove it" : null;
    }
}
