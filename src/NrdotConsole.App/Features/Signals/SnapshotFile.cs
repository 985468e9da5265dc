using System.Text;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Coverage;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Where a <see cref="SignalSnapshot"/> lies: <c>signals.state</c>, written beside and renamed, so that there is always a whole one.
/// <code>
/// "NRDS" | version, 4 bytes | one zstd frame with its checksum:
///   head: moment, forests, growth of each tenant and the fleet, number of hosts
///   hosts, one after the other: rates, cadences, known series, processes with their detectors
/// </code>
/// What is damaged, of another version or too old is passed over: the signals learn anew.
/// </summary>
internal sealed class SnapshotFile(DataDirectory directory, SeriesStore store, ILogger<SnapshotFile> logger)
{
    public const string Name = "signals.state";

    /// <summary>Older than what is known of a process, it tells nothing. (Detectors judge the age of what they learnt by the data.)</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromMilliseconds(CoverageRule.KnownForMs);

    const int Magic = 0x5344524e, Version = 1, HostsAtOnce = 64;

    readonly string _path = directory.File(Name);

    /// <summary>Takes the engine's lock for some hosts at a time: ticks go on between them.</summary>
    public void Write(SignalEngine engine)
    {
        var beside = _path + ".new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            using (var plain = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
            {
                plain.Write(Magic);
                plain.Write(Version);
            }
            using (var packed = new CompressionStream(file, level: 1))
            {
                packed.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
                Write(engine, packed);
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, _path, overwrite: true);
    }

    static void Write(SignalEngine engine, CompressionStream packed)
    {
        using var part = new MemoryStream();
        using var to = new BinaryWriter(part);
        var hosts = engine.Read(e => e.BeginSnapshot(to));
        Pass();
        foreach (var some in hosts.Chunk(HostsAtOnce))
        {
            engine.Read(e => e.Snapshot(some, to));
            Pass();
        }

        void Pass()
        {
            packed.Write(part.GetBuffer().AsSpan(0, (int)part.Length));
            part.SetLength(0);
        }
    }

    /// <summary>Null where there is none that can be used; why is logged.</summary>
    public SignalSnapshot? TryRead(DateTimeOffset now)
    {
        if (!File.Exists(_path)) return null;
        try
        {
            using var file = File.OpenRead(_path);
            using var plain = new BinaryReader(file);
            if (plain.ReadInt32() != Magic || plain.ReadInt32() is var version && version != Version) throw new InvalidDataException("another version wrote it");
            var hosts = store.Hosts.ToDictionary(h => (h.Tenant, h.Key));
            using var unpacked = new BufferedStream(new DecompressionStream(file), 1 << 16);
            using var from = new BinaryReader(unpacked);
            var snapshot = SignalSnapshot.Read(from, (tenant, key) => hosts.GetValueOrDefault((tenant, key)));
            // The checksum stands at the frame's end.
            if (unpacked.ReadByte() >= 0) throw new InvalidDataException("it is longer than what it holds");
            if (now - snapshot.At <= MaximumAge && snapshot.At - now <= MaximumAge) return snapshot;
            logger.LogWarning("{Path} is of {At:u}, more than {Age:%h} hours away: it is passed over, and detectors and rates learn anew", _path, snapshot.At, MaximumAge);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or ZstdException or ArgumentException or FormatException or OverflowException)
        {
            logger.LogWarning("{Path} cannot be used ({Fault}): it is passed over, and detectors and rates learn anew", _path, fault.Message);
        }
        return null;
    }
}
