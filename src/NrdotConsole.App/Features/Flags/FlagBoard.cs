using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.App.Features.Flags;

/// <summary>One flag as the table and the API show it. <paramref name="HostsOn"/> counts hosts of the fleet; <paramref name="Stale"/> says why it should be gone, or null.</summary>
internal sealed record FlagRow(
    string Key, string Description, bool Enabled, FlagStrategy Strategy, decimal Percentage, IReadOnlyList<int> Rings, IReadOnlyList<string> Hosts, IReadOnlyList<string> Tenants,
    IReadOnlyList<string> Prerequisites, IReadOnlyList<FlagGuardrail> Guardrails, FlagTrip? Trip, bool AltersCollectors, string? Owner, DateOnly? Expires,
    int HostsOn, int HostsTotal, long Evaluations, DateTimeOffset? LastEvaluatedAt, string? Stale);

/// <summary>Puts together what is known of every flag.</summary>
internal sealed class FlagBoard(LiveFlags live, DesiredStates desired, RingAssignments rings, FlagStore store, FlagUseLog log, TimeProvider time)
{
    /// <summary>A flag that nobody has asked for so long, and that alters no collector, is stale.</summary>
    public static readonly TimeSpan UnusedFor = TimeSpan.FromDays(30);

    /// <param name="tenants">Whose hosts are counted; null for all.</param>
    public async Task<IReadOnlyList<FlagRow>> RowsAsync(IReadOnlySet<string>? tenants, CancellationToken ct = default)
    {
        var uses = (await store.UsesAsync(ct)).ToDictionary(u => u.Key);
        var members = rings.Members.Values.Where(m => tenants is null || tenants.Contains(m.Host.Tenant)).ToList();
        var now = time.GetUtcNow();
        return [.. desired.Current.Flags.Flags.Select(flag =>
        {
            var on = members.Count(m => live.Evaluate(flag.Key, m.Host, m.Ring)?.Value == true);
            var (use, count) = (uses.GetValueOrDefault(flag.Key), log.CountOf(flag.Key));
            var lastAt = count.LastAt ?? use?.EvaluatedAt;
            return new FlagRow(flag.Key, flag.Description, flag.Enabled, flag.Strategy, flag.Percentage, flag.Rings, flag.Hosts, flag.Tenants, flag.Prerequisites, flag.Guardrails,
                live.Trips.GetValueOrDefault(flag.Key), flag.CollectorConfig is not null, flag.Owner, flag.Expires, on, members.Count,
                Math.Max(use?.Evaluations ?? 0, count.On + count.Off), lastAt, StaleReason(flag, on, members.Count, lastAt, now));
        })];
    }

    static string? StaleReason(Flag flag, int on, int total, DateTimeOffset? lastAt, DateTimeOffset now)
    {
        if (flag.Expires is { } day && DateOnly.FromDateTime(now.UtcDateTime) > day) return $"It was to be gone by {day:yyyy-MM-dd}";
        if (lastAt is { } asked && now - asked > UnusedFor && flag.CollectorConfig is null) return $"Nobody has asked for it since {asked:yyyy-MM-dd}";
        return flag.Enabled && total > 0 && on == total && flag.Strategy == FlagStrategy.Percentage ? "It is on for every host: build it in and remove it" : null;
    }
}
