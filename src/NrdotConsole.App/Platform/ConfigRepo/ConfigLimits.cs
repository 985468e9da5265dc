namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>Bounds of what the config repository holds: far above any real fleet's files, far below what would hurt.</summary>
internal static class ConfigLimits
{
    public const int MaxFileBytes = 512 * 1024;
    public const int MaxFiles = 200;
    public const int MaxTotalBytes = 8 * 1024 * 1024;
    public const int MaxPathLength = 200;

    /// <summary>Maps and lists within each other.</summary>
    public const int MaxDepth = 24;

    /// <summary>Scalars, maps and lists of one file.</summary>
    public const int MaxNodes = 50_000;

    /// <summary>Characters of one value.</summary>
    public const int MaxScalarLength = 32 * 1024;

    /// <summary>Faults that one file reports; the rest are counted in one line.</summary>
    public const int MaxFaultsPerFile = 100;
}
