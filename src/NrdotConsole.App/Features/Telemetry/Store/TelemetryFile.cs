using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Opens <c>telemetry.db</c>; a damaged one is put aside, so that the console runs on and nothing is destroyed.</summary>
internal static class TelemetryFile
{
    const int Corrupt = 11, NotADatabase = 26;

    public static TelemetryDatabase Open(string path, TimeProvider time, StoreFaults faults)
    {
        try
        {
            return TelemetryDatabase.Open(path);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            var aside = $"{path}.damaged-{time.GetUtcNow():yyyyMMddTHHmmss}";
            foreach (var suffix in (string[])["", "-wal", "-shm"])
                if (File.Exists(path + suffix)) File.Move(path + suffix, aside + suffix);
            faults.Set(StorePart.Damage, $"telemetry.db was damaged and lies now at {aside}; a new one was begun and filled from the log. Older points are missing: restore a backup of telemetry.db, or delete the damaged file.");
            return TelemetryDatabase.Open(path);
        }
    }

    public static long FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
