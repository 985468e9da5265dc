using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Sending;

/// <summary>The collector's own habit: wait 1 s, then twice as long each time up to 30 s, give up after 5 minutes. A receiver's word on how long to wait comes first.</summary>
public static class RetryPolicy
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(30), GiveUpAfter = TimeSpan.FromMinutes(5);

    /// <param name="attempt">1 after the first failure.</param>
    /// <param name="salt">Spreads the lanes.</param>
    /// <returns>How long to wait, or null to give up.</returns>
    public static TimeSpan? Next(int attempt, TimeSpan sinceFirst, TimeSpan? retryAfter, ulong salt)
    {
        var spread = 0.75 + (StableHash.Unit(StableHash.Mix(salt, (ulong)attempt)) * 0.5);
        var own = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 10))) * spread;
        var wait = retryAfter is { } asked && asked > TimeSpan.Zero ? asked : TimeSpan.FromSeconds(own);
        return sinceFirst + wait > GiveUpAfter ? null : wait;
    }
}
