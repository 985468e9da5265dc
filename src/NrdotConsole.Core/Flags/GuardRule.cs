namespace NrdotConsole.Core.Flags;

/// <summary>What a guardrail does at a look, and in words why it stays its hand although it is broken; null where it does not.</summary>
public sealed record GuardVerdict(bool Trips, string? Held)
{
    public static readonly GuardVerdict Waits = new(false, null);
}

/// <summary>Whether a broken guardrail turns its flag off now. Hysteresis as for every automatic hand: some breaches in a row, a minimum dwell, a limit a day.</summary>
public static class GuardRule
{
    public const int LooksToTrip = 3, MostTripsADay = 3;

    /// <summary>How long a flag that was turned off before, and on again by somebody, is left alone.</summary>
    public static readonly TimeSpan Dwell = TimeSpan.FromSeconds(300);

    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <param name="breaches">Looks in a row that saw it broken, this one with them.</param>
    /// <param name="onSince">When a flag that has tripped before was seen on again; null for one that has not.</param>
    /// <param name="trips">When it turned itself off before.</param>
    public static GuardVerdict Judge(int breaches, bool isLeverPulled, DateTimeOffset? onSince, IReadOnlyCollection<DateTimeOffset> trips, DateTimeOffset now)
    {
        if (breaches < LooksToTrip) return GuardVerdict.Waits;
        if (isLeverPulled) return new(false, "The safety lever is pulled: nothing is turned off by itself");
        if (onSince is { } since && now - since < Dwell) return new(false, $"It was turned on again a moment ago and is left alone for {Dwell.TotalSeconds:0} s");
        var today = trips.Count(t => now - t < Day);
        return today >= MostTripsADay ? new(false, $"It was turned off {today} times within 24 h: the next time is a person's to decide") : new(true, null);
    }
}
