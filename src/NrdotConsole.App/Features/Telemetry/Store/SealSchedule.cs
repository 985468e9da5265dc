namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Hosts fall into buckets by hash, and the buckets are written to the database in turn, so that the work spreads over the window.</summary>
internal static class SealSchedule
{
    public const int Buckets = 8;
}
