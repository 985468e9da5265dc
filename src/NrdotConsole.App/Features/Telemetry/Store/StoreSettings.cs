namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Settings under <c>Telemetry</c>. Every limit has a counter in <see cref="StoreStats"/>.</summary>
internal sealed class StoreSettings
{
    /// <summary>Most series in memory; points of further ones are refused.</summary>
    public int MaxSeries { get; set; } = 2_000_000;

    /// <summary>Most series that one tenant may begin within a minute.</summary>
    public int NewSeriesPerMinute { get; set; } = 1_500_000;

    public int MaxLabels { get; set; } = 128;
    public int MaxLabelKeyLength { get; set; } = 255;

    /// <summary>Longer values are cut one character short of it.</summary>
    public int MaxLabelValueLength { get; set; } = 4096;

    /// <summary>It can hold secrets, and it mints series.</summary>
    public bool KeepCommandLine { get; set; }

    /// <summary>Points further ahead of the console's clock are refused.</summary>
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A series without a point for so long leaves memory once its points are in the database.</summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long points collect in memory before they are written as blocks.</summary>
    public TimeSpan HeadWindow { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A power cut loses at most so much; a killed process loses nothing.</summary>
    public TimeSpan LogSyncInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A longer log is worked off at once instead of bucket by bucket.</summary>
    public long MaxLogBytes { get; set; } = 4L << 30;

    /// <summary>Free bytes of the data disk under which nothing more is accepted.</summary>
    public long MinFreeBytes { get; set; } = 64 << 20;

    public RetentionSettings Retention { get; set; } = new();
}

internal sealed class RetentionSettings
{
    public TimeSpan Raw { get; set; } = TimeSpan.FromHours(48);
    public TimeSpan Minute { get; set; } = TimeSpan.FromDays(15);
    public TimeSpan Hour { get; set; } = TimeSpan.FromDays(400);
}
