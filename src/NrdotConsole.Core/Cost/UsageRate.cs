namespace NrdotConsole.Core.Cost;

/// <summary>Bytes and points an hour, whole, so that sums of many are exact.</summary>
public readonly record struct UsageRate(long BytesPerHour, long PointsPerHour)
{
    public double BytesPerSecond => BytesPerHour / 3600.0;
    public double PointsPerSecond => PointsPerHour / 3600.0;

    public static UsageRate operator +(UsageRate a, UsageRate b) => new(a.BytesPerHour + b.BytesPerHour, a.PointsPerHour + b.PointsPerHour);
    public static UsageRate operator -(UsageRate a, UsageRate b) => new(a.BytesPerHour - b.BytesPerHour, a.PointsPerHour - b.PointsPerHour);
    public static UsageRate Add(UsageRate a, UsageRate b) => a + b;
    public static UsageRate Subtract(UsageRate a, UsageRate b) => a - b;

    public static UsageRate Over(long bytes, long points, long milliseconds) => milliseconds <= 0
        ? default
        : new((long)((Int128)bytes * 3_600_000 / milliseconds), (long)((Int128)points * 3_600_000 / milliseconds));
}
