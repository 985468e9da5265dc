using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Features.Profiles;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.App.Features.Validation;

/// <summary>Reads what <see cref="DayOneRule"/> judges: the fleet's rows as every page shows them, rings, profiles and recent Changes.</summary>
internal sealed class DayOneValidator(SignalBoard board, RingAssignments rings, DesiredStates states, ProfileSwitches switches, FleetEstimator estimator, TimeProvider time)
{
    /// <summary>A host that has been silent for longer has left; only a report of itself still names it.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromDays(1);

    /// <summary>Null before the first summary after a start.</summary>
    public async Task<DayOneReport?> JudgeAsync(SignalScope scope, int? ring, CancellationToken ct = default)
    {
        if (board.Fleet(scope with { Host = null }).Current is not { } fleet) return null;
        var now = time.GetUtcNow();
        var readings = Readings(scope, fleet, await switches.RecentAsync(ct), now);
        var hosts = readings.Where(r => ring is null || r.Ring == ring).Select(r => r.Reading).ToList();
        return DayOneRule.Judge($"{scope}", ring, now, hosts, await VolumesAsync(scope, ct));
    }

    /// <summary>The rings of the plan, each by itself; empty before the first summary after a start.</summary>
    public async Task<IReadOnlyList<DayOneReport>> ByRingAsync(SignalScope scope, CancellationToken ct = default)
    {
        if (board.Fleet(scope with { Host = null }).Current is not { } fleet) return [];
        var now = time.GetUtcNow();
        var byRing = Readings(scope, fleet, await switches.RecentAsync(ct), now).ToLookup(r => r.Ring, r => r.Reading);
        var volumes = await VolumesAsync(scope, ct);
        return [.. states.Current.Rings.Rings.Select(r => DayOneRule.Judge($"{scope}", r.Id, now, [.. byRing[r.Id]], volumes))];
    }

    List<(int? Ring, HostReading Reading)> Readings(SignalScope scope, FleetSummary fleet, IReadOnlyList<StateShift> shifts, DateTimeOffset now)
    {
        var readings = new List<(int?, HostReading)>();
        var seen = new HashSet<(string, string)>();
        foreach (var row in fleet.Rows)
        {
            if (row.HostKey.Length == 0 || (scope.Host is { } host && host != row.HostKey)) continue;
            seen.Add((row.Tenant, row.HostKey));
            if (scope.Host is null && now - row.LastSeen > GoneAfter) continue;
            readings.Add(Reading(new(row.Tenant, row.HostKey, row.Name, row.Os), row, shifts));
        }
        // Hosts whose agent came, but none of their data.
        foreach (var member in rings.Members.Values)
        {
            var (tenant, key) = (member.Host.Tenant, member.Host.Key);
            if (seen.Contains((tenant, key)) || (scope.Tenant is { } only && only != tenant) || (scope.Host is { } host && host != key)) continue;
            if (scope.Host is null && now - member.SeenAt > GoneAfter) continue;
            readings.Add(Reading(member.Host, null, shifts));
        }
        return readings;
    }

    (int?, HostReading) Reading(in HostIdentity host, HostRow? row, IReadOnlyList<StateShift> shifts)
    {
        var ring = rings.RingOf(host.Tenant, host.Key);
        var count = 0;
        foreach (var shift in shifts)
            if (shift.Alters(host, ring ?? -1)) count++;
        var reading = (row is null ? new HostReading(host.Tenant, host.Key, host.Name) : HostReading.Of(row)) with
        {
            ProfileSwitches = count, TargetReduction = HostConfig.ProfileOf(states.Current, host, ring ?? -1).TargetReduction,
        };
        return (ring, reading);
    }

    /// <summary>Off the caller's thread: the first look reads many hosts.</summary>
    Task<IReadOnlyList<ProfileVolume>> VolumesAsync(SignalScope scope, CancellationToken ct) => Task.Run<IReadOnlyList<ProfileVolume>>(() =>
    {
        var look = estimator.Take(scope.Tenant is { } tenant ? new HashSet<string> { tenant } : null);
        if (!look.Basis.IsMeasured) return [];
        return [.. states.Current.Profiles.Profiles.Where(p => look.ByProfile.ContainsKey(p.Name)).Select(p => new ProfileVolume(p.Name, p.CostRank, look.ByProfile[p.Name].PointsPerHour))];
    }, ct);
}
