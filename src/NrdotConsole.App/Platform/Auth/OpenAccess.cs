using System.Security.Claims;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>
/// Ends what stays open, circuits and hub connections, soon after its holder's session or token ended or gave other rights. One look at the
/// database serves all of them. While it cannot be read they stay: what they would do asks <see cref="AccessCheck"/> itself.
/// </summary>
internal sealed class OpenAccess(SessionStore sessions, ApiTokenStore tokens, TimeProvider time, ILogger<OpenAccess> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    readonly HashSet<Held> _held = [];
    bool _fails;

    sealed class Held(OpenAccess all, ClaimsPrincipal principal, Action end) : IDisposable
    {
        public readonly ClaimsPrincipal Principal = principal;
        public readonly Action End = end;

        public void Dispose()
        {
            lock (all._lock) all._held.Remove(this);
        }
    }

    /// <param name="end">Called once, when the principal no longer holds; not after the disposal of what is returned.</param>
    public IDisposable Watch(ClaimsPrincipal principal, Action end)
    {
        var held = new Held(this, principal, end);
        lock (_lock) _held.Add(held);
        return held;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                    _fails = false;
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    // Whatever it is, a damaged row say: the console goes on.
                    if (!_fails) log.LogWarning(fault, "Whether open pages and hub connections may stay open cannot be read from console.db; it is tried again every {Seconds} s.", Every.TotalSeconds);
                    _fails = true;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops.
        }
    }

    internal async Task LookAsync(CancellationToken ct = default)
    {
        Held[] all;
        lock (_lock) all = [.. _held];
        if (all.Length == 0) return;
        var now = new Dictionary<string, Rights>(StringComparer.Ordinal);
        foreach (var session in await sessions.AllAsync(ct)) now[session.SessionId] = Rights.Of(session);
        foreach (var token in all.Select(h => h.Principal.FindFirstValue(Principals.TokenId)).OfType<string>().Distinct())
        {
            if (await tokens.FindAsync(long.Parse(token), ct) is { } access) now[token] = Rights.Of(access);
        }
        foreach (var held in all)
        {
            var key = held.Principal.FindFirstValue(Principals.SessionId) ?? held.Principal.FindFirstValue(Principals.TokenId);
            if (key is not null && now.TryGetValue(key, out var rights) && rights == Rights.Of(held.Principal)) continue;
            lock (_lock)
            {
                if (!_held.Remove(held)) continue;
            }
            try
            {
                held.End();
            }
            catch (Exception fault)
            {
                log.LogError(fault, "What {Name} held open could not be ended", held.Principal.Identity?.Name);
            }
        }
    }
}

/// <summary>What decides on all that a principal may do: permissions follow from the role (of a token: its owner's) and, by the token, never change.</summary>
internal readonly record struct Rights(string Role, string Tenants)
{
    public static Rights Of(SessionAccess session) => new(session.Role, Principals.Json(session.Tenants));

    public static Rights Of(TokenAccess token) => new(token.OwnerRole, Principals.Json(token.Tenants));

    public static Rights Of(ClaimsPrincipal principal) => new(principal.FindFirstValue(Principals.Role) ?? "", principal.FindFirstValue(Principals.AllowedTenantsJson) ?? "");
}
