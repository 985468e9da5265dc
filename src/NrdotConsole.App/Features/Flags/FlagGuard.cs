using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.Lever;
using System.Data.Common;
using LibGit2Sharp;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Flags;

/// <summary>
/// Watches guardrails: a flag whose hosts break one as <see cref="GuardRule"/> says is off at once for whoever asks, and
/// <see cref="TripChanges"/> turns it off in the repository too. The safety lever stays this hand.
/// </summary>
internal sealed class FlagGuard(
    LiveFlags flags, FlagStore store, FlagUseLog uses, RingAssignments rings, DesiredStates desired, TripChanges changes, SafetyLever lever,
    SignalBoard board, AuditLog audit, TimeProvider time, ILogger<FlagGuard> logger) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    readonly Dictionary<string, int> _breaches = new(StringComparer.Ordinal);
    readonly Dictionary<string, DateTimeOffset> _onSince = new(StringComparer.Ordinal);
    ILookup<string, DateTimeOffset> _tripped = Array.Empty<FlagTrip>().ToLookup(t => t.Key, t => t.At);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Trips hold over a restart; and a flag that has tripped is left alone for the dwell from now, not knowing when it was turned on.</summary>
    public async Task LoadAsync(CancellationToken ct = default)
    {
        flags.Trips = (await store.TripsAsync(ct)).ToDictionary(t => t.Key);
        await ReadLogAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    async Task TryAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
        }
        catch (Exception fault) when (fault is DbException or LibGit2SharpException or FormatException)
        {
            logger.LogWarning(fault, "Guardrails of flags could not be seen to: console.db or config.git cannot be read or written. They are looked at again in {Seconds} s.", LookEvery.TotalSeconds);
        }
    }

    public async Task LookAsync(CancellationToken ct = default)
    {
        await WriteUsesAsync(ct);
        var current = desired.Current.Flags;
        foreach (var trip in flags.Trips.Values)
        {
            // The repository has caught up, or a person has said otherwise: the trip has served.
            if (current.Find(trip.Key) is not { Enabled: true } || await changes.IsOverruledAsync(trip, ct)) await ForgetAsync(trip.Key, ct);
        }
        foreach (var flag in current.Flags)
        {
            if (!flag.Enabled || flags.Trips.ContainsKey(flag.Key)) _onSince.Remove(flag.Key);
            else if (_tripped.Contains(flag.Key)) _onSince.TryAdd(flag.Key, time.GetUtcNow());
        }
        if (board.Fleet(SignalScope.Fleet).Current is { } fleet) await JudgeAsync(current, new(fleet.Rows, rings, flags), ct);
        foreach (var trip in flags.Trips.Values)
        {
            if (await changes.AdvanceAsync(trip, ct) is { } bound) flags.Trips = flags.Trips.Where(t => t.Key != trip.Key).Append(new(trip.Key, bound)).ToDictionary();
        }
    }

    async Task JudgeAsync(FlagSet current, FlagHosts fleet, CancellationToken ct)
    {
        var held = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var flag in current.Flags.Where(f => f is { Enabled: true, Guardrails.Count: > 0 } && !flags.Trips.ContainsKey(f.Key)))
        {
            var hosts = fleet.Of(flag.Key);
            var broken = flag.Guardrails.Select(g => (Guardrail: g, Breach: GuardrailSignals.Breach(g, hosts))).FirstOrDefault(g => g.Breach is not null);
            if (broken.Breach is not { } breach)
            {
                _breaches.Remove(flag.Key);
                continue;
            }
            var breaches = _breaches[flag.Key] = _breaches.GetValueOrDefault(flag.Key) + 1;
            var verdict = GuardRule.Judge(breaches, lever.IsPulled, _onSince.TryGetValue(flag.Key, out var since) ? since : null, [.. _tripped[flag.Key]], time.GetUtcNow());
            if (verdict.Held is { } why)
            {
                held[flag.Key] = why;
                if (breaches == GuardRule.LooksToTrip) logger.LogWarning("The guardrail of the flag {Flag} is broken ({Signal} {Bound}) and holds its hand. {Why}.", flag.Key, broken.Guardrail.Signal, breach.Bound, why);
            }
            if (verdict.Trips) await TripAsync(flag, broken.Guardrail, breach, hosts.Count, ct);
        }
        flags.Held = held;
    }

    async Task TripAsync(Flag flag, FlagGuardrail guardrail, (double Measured, string Bound) breach, int hosts, CancellationToken ct)
    {
        var trip = new FlagTrip(flag.Key, time.GetUtcNow(), guardrail.Signal, breach.Measured, breach.Bound, null);
        await store.TripAsync(trip, ct);
        flags.Trips = flags.Trips.Append(new(flag.Key, trip)).ToDictionary();
        _breaches.Remove(flag.Key);
        await ReadLogAsync(ct);
        var why = $"{FlagWords.Trip(trip)}, over {FlagWords.Hosts(hosts)} that had it";
        await audit.AppendAsync(new(TripChanges.Guard, "flag.tripped", flag.Key, Before: new { Enabled = true }, After: new { Enabled = false }, Reason: why), ct);
        logger.LogWarning("The guardrail of the flag {Flag} turned it off: {Why}.", flag.Key, why);
    }

    async Task ForgetAsync(string key, CancellationToken ct)
    {
        await store.ForgetTripAsync(key, ct);
        flags.Trips = flags.Trips.Where(t => t.Key != key).ToDictionary();
    }

    async Task ReadLogAsync(CancellationToken ct) => _tripped = (await store.LogAsync(ct)).ToLookup(t => t.Key, t => t.At);

    async Task WriteUsesAsync(CancellationToken ct)
    {
        var taken = uses.TakeUnwritten();
        if (taken.Count == 0) return;
        try
        {
            await store.AddUsesAsync(taken, ct);
        }
        catch (DbException)
        {
            uses.PutBack(taken);
            throw;
        }
    }
}
