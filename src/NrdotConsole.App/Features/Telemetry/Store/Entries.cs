using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>What the store keeps about a host beside what it shows.</summary>
internal sealed class HostEntry(TelemetryHost host, uint hash)
{
    public TelemetryHost Host { get; } = host;

    /// <summary>Stable over restarts: orders series within a block, so that one host's points lie together, and chooses the bucket.</summary>
    public uint Hash { get; } = hash;

    public int Bucket => (int)(Hash % SealSchedule.Buckets);

    /// <summary>The newest point that the database holds: an older one goes into a late block.</summary>
    public long SealedThroughMs = Series.Never;

    public readonly List<ResourceEntry> Resources = [];
    public ResourceEntry? LastHostLevel;
    public bool IsChanged;
}

internal sealed class ResourceEntry(TelemetryResource resource, HostEntry host)
{
    public TelemetryResource Resource { get; } = resource;
    public int Id { get; } = resource.Id;
    public HostEntry Host { get; } = host;

    /// <summary>Hashes of the raw forms that mean this resource.</summary>
    public readonly List<UInt128> Variants = [];

    /// <summary>The raw form last seen, and the resource that came after this one: what the next request is expected to repeat. Null once the resource was removed.</summary>
    public UInt128? LastHash;
    public ResourceEntry? Next;

    public bool IsHostLevel { get; } = !resource.Labels.Keys.Any(k => k.StartsWith("process.", StringComparison.Ordinal));
    public int FirstSeries;

    /// <summary>The series that the next message of this resource is expected to begin with.</summary>
    public int Expected;

    public int StoredId;

    /// <summary>The day, counted from 1970, on which the database last heard of it; from the next on it is told again.</summary>
    public long StoredDay;
}

internal sealed class MetricEntry(MetricDescriptor descriptor, byte[] name, byte[] unit)
{
    public MetricDescriptor Descriptor { get; } = descriptor;
    public byte[] Name { get; } = name;
    public byte[] Unit { get; } = unit;
    public int FirstSeries;
    public int SeriesCount;
    public long LastReceivedMs;
    public int StoredId;

    /// <summary>The day, counted from 1970, on which the database last heard of it; from the next on it is told again.</summary>
    public long StoredDay;

    public bool Is(in MetricHeader header) =>
        header.Name.SequenceEqual(Name) && header.Unit.SequenceEqual(Unit)
        && header.Kind == Descriptor.Kind && header.Temporality == Descriptor.Temporality && header.IsMonotonic == Descriptor.IsMonotonic;
}

/// <summary>A canonical set of a point's and its scope's labels, shared by every series that bears it.</summary>
internal sealed class AttributeSet(Labels labels)
{
    public Labels Labels { get; } = labels;
    public int References;
    public readonly List<int> Variants = [];
    public int StoredId;

    /// <summary>The day, counted from 1970, on which the database last heard of it; from the next on it is told again.</summary>
    public long StoredDay;
}
