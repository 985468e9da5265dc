using NrdotConsole.Core.Snapshots;

namespace NrdotConsole.Core.Cardinality;

/// <summary>
/// Growth of active series: now against one hour ago, from a ring of one sample a minute (the last of each minute).
/// Where that minute is missing the nearest within two minutes stands in; beyond that growth is unknown, not 0.
/// </summary>
public sealed class CardinalityGrowth
{
    const int Minutes = 64;
    const int Slack = 2;

    readonly long[] _minute = new long[Minutes];
    readonly int[] _active = new int[Minutes];

    public void Sample(DateTimeOffset at, int active)
    {
        var minute = Minute(at);
        if (minute < _minute[minute % Minutes]) return;
        (_minute[minute % Minutes], _active[minute % Minutes]) = (minute, active);
    }

    /// <summary>0.1 is 10 % more than an hour ago; null while unknown, or where there was nothing an hour ago.</summary>
    public double? PerHour(DateTimeOffset at, int activeNow)
    {
        var then = Minute(at) - 60;
        for (var off = 0; off <= Slack; off++)
        {
            if (ActiveAt(then + off) is { } later) return Share(later, activeNow);
            if (ActiveAt(then - off) is { } earlier) return Share(earlier, activeNow);
        }
        return null;
    }

    int? ActiveAt(long minute) => minute > 0 && _minute[minute % Minutes] == minute ? _active[minute % Minutes] : null;

    public void Save(BinaryWriter to)
    {
        Plain.Write<long>(to, _minute);
        Plain.Write<int>(to, _active);
    }

    /// <summary>Samples bear their minute: those that are too old count no more.</summary>
    public void Load(BinaryReader from)
    {
        var (minutes, active) = (Plain.ReadArray<long>(from, Minutes), Plain.ReadArray<int>(from, Minutes));
        if (minutes.Length != Minutes || active.Length != Minutes) throw new InvalidDataException($"{minutes.Length} and {active.Length} samples of growth, not {Minutes}.");
        minutes.CopyTo(_minute, 0);
        active.CopyTo(_active, 0);
    }

    static double? Share(int then, int now) => then == 0 ? null : (now - then) / (double)then;

    static long Minute(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
