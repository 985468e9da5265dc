using System.Data.Common;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Flags;

/// <summary>
/// Watches guardrails: a flag whose hosts break one at <see cref="LooksToTrip"/> looks in a row is off at once for whoever asks, and a
/// Change that disables it in the repository is made, so that collectors follow and a person sees why. The safety lever stays this hand too.
/// </summary>
internal sealed class FlagGuard(
    LiveFlags flags, FlagStore store, FlagUseLog uses, RingAssignments rings, DesiredStates desired, ConfigRepository repository, ChangeLife changes, SafetyLever lever,
    SignalBoard board, AuditLog audit, TimeProvider time, ILogger<FlagGuard> logger) : BackgroundService
{
    public const string File = "feature-flags.yaml";
    public const int LooksToTrip = 3;
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    static readonly Actor s_guard = new("flag guardrail", ActorKind.System, null);

    readonly Dictionary<string, int> _breaches = new(StringComparer.Ordinal);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        flags.Trips = (await store.TripsAsync(cancellationToken)).ToDictionary(t => t.Key);
        await base.StartAsync(cancellationToken);
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
        catch (DbException fault)
        {
            logger.LogWarning(fault, "Guardrails of flags could not be seen to: console.db cannot be written. They are looked at again in {Seconds} s.", LookEvery.TotalSeconds);
        }
    }

    public async Task LookAsync(CancellationToken ct = default)
    {
        await WriteUsesAsync(ct);
        var current = desired.Current.Flags;
        // The repository has caught up, or somebody has turned it on again after looking: the trip has served.
        foreach (var trip in flags.Trips.Values)
        {
            if (current.Find(trip.Key) is { Enabled: true }) continue;
            await store.ForgetTripAsync(trip.Key, ct);
            flags.Trips = flags.Trips.Where(t => t.Key != trip.Key).ToDictionary();
        }
        if (board.Fleet(SignalScope.Fleet).Current is not { } fleet) return;
        foreach (var flag in current.Flags.Where(f => f is { Enabled: true, Guardrails.Count: > 0 } && !flags.Trips.ContainsKey(f.Key)))
        {
            var hosts = fleet.Rows.Where(r => flags.Evaluate(flag.Key, new HostIdentity(r.Tenant, r.HostKey, r.Name, r.Os), rings.RingOf(r.Tenant, r.HostKey))?.Value == true).ToList();
            var broken = flag.Guardrails.Select(g => (Guardrail: g, Breach: GuardrailSignals.Breach(g, hosts))).FirstOrDefault(g => g.Breach is not null);
            if (broken.Breach is not { } breach)
            {
                _breaches.Remove(flag.Key);
                continue;
            }
            if ((_breaches[flag.Key] = _breaches.GetValueOrDefault(flag.Key) + 1) < LooksToTrip || lever.IsPulled) continue;
            _breaches.Remove(flag.Key);
            await TripAsync(flag, broken.Guardrail, breach, hosts.Count, ct);
        }
    }

    async Task TripAsync(Flag flag, FlagGuardrail guardrail, (double Measured, string Bound) breach, int hosts, CancellationToken ct)
    {
        var trip = new FlagTrip(flag.Key, time.GetUtcNow(), guardrail.Signal, breach.Measured, breach.Bound, null);
        await store.TripAsync(trip, ct);
        flags.Trips = flags.Trips.Append(new(flag.Key, trip)).ToDictionary();
        var why = $"{guardrail.Signal} was {breach.Measured:0.###}, {breach.Bound}, over the {hosts} hosts that have it";
        await audit.AppendAsync(new(s_guard, "flag.tripped", flag.Key, Before: new { Enabled = true }, After: new { Enabled = false }, Reason: why), ct);
        logger.LogWarning("The guardrail of the flag {Flag} turned it off: {Why}.", flag.Key, why);

        if (repository.File(repository.Head, File) is not { } file) return;
        var made = await changes.CreateAsync(s_guard, new(ChangeKind.Flag, $"Turn {flag.Key} off: its guardrail broke", $"{why}. It is off for OpenFeature clients already; this makes collectors follow.")
        {
            Edits = new Dictionary<string, string?> { [File] = ConfigEdit.Set(file.Text, ["features", flag.Key, "enabled"], false) },
            Emergency = true, Origin = "guardrail", RequestKey = $"guardrail-{flag.Key}-{trip.At.ToUnixTimeMilliseconds()}",
        }, ct);
        if (made.Change is not { } change) return;
        var bound = trip with { ChangeId = change.Id };
        await store.TripAsync(bound, ct);
        flags.Trips = flags.Trips.Where(t => t.Key != flag.Key).Append(new(flag.Key, bound)).ToDictionary();
        await changes.ValidateAsync(change.Id, new(s_guard), ct);
        await changes.ApproveAsync(change.Id, new(s_guard, $"The author of {flag.Key} set this guardrail."), ct);
        await changes.StartAsync(change.Id, new(s_guard), ct);
    }

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
