using System.IO.Hashing;
using System.Text;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Resources and hosts in memory. A resource's raw bytes are known by a seeded 128-bit hash; other orders of its attributes lead to the same resource.</summary>
internal sealed class ResourceTable(long seed, LabelReader reader)
{
    public const int HostLimit = 200_000;

    const int MaxVariants = 16;
    const string DefaultTenant = "default";

    readonly Dictionary<UInt128, ResourceEntry> _byHash = [];
    readonly Dictionary<(string Tenant, Labels Labels), ResourceEntry> _byLabels = [];
    readonly Dictionary<(string Tenant, string Key), HostEntry> _hostByKey = [];
    readonly List<ResourceEntry?> _entries = [];
    readonly List<HostEntry?> _hosts = [];
    readonly Stack<int> _free = [];
    readonly Stack<int> _freeHosts = [];
    IReadOnlyList<TelemetryHost>? _hostList;

    public ResourceEntry this[int id] => _entries[id]!;
    public HostEntry? HostAt(int id) => id < _hosts.Count ? _hosts[id] : null;
    public int End => _entries.Count;
    public ResourceEntry? At(int id) => _entries[id];
    public int HostCount => _hostByKey.Count;
    public IEnumerable<HostEntry> AllHosts => _hostByKey.Values;
    public IReadOnlyList<TelemetryHost> Hosts => _hostList ??= [.. _hostByKey.Values.Select(h => h.Host)];

    /// <summary>Part of a resource's hash: the same attributes under two tokens' tenants are two resources.</summary>
    public UInt128 HashOfTenant(string? tenant) => tenant is null ? 0 : XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(tenant), seed + 1);

    /// <summary>The resource that these bytes meant before.</summary>
    /// <param name="expected">Asked first: the one that followed last time.</param>
    public ResourceEntry? Find(ReadOnlySpan<byte> attributes, UInt128 tenantHash, ResourceEntry? expected)
    {
        var hash = XxHash128.HashToUInt128(attributes, seed) ^ tenantHash;
        if (expected is not null && expected.LastHash == hash) return expected;
        if (!_byHash.TryGetValue(hash, out var entry)) return null;
        entry.LastHash = hash;
        return entry;
    }

    public RefusalReason? Resolve(ReadOnlySpan<byte> attributes, string? tenant, UInt128 tenantHash, long nowMs, out ResourceEntry? entry)
    {
        entry = Find(attributes, tenantHash, null);
        if (entry is not null) return null;
        if (reader.TryReadResource(attributes, out var labels) is { } refusal) return refusal;
        if (tenant is null)
        {
            tenant = labels.TryGetValue("nrdot.tenant", out var named) && named.Length > 0 ? named : DefaultTenant;
            if (tenant == ReservedTenant.Name) return RefusalReason.TenantForbidden;
        }
        entry = Find(tenant, labels, nowMs);
        if (entry is null) return RefusalReason.SeriesLimit;
        if (entry.Variants.Count < MaxVariants)
        {
            var hash = XxHash128.HashToUInt128(attributes, seed) ^ tenantHash;
            entry.Variants.Add(hash);
            _byHash[hash] = entry;
        }
        return null;
    }

    ResourceEntry? Find(string tenant, Labels labels, long nowMs)
    {
        if (_byLabels.TryGetValue((tenant, labels), out var entry)) return entry;
        var key = labels.Get("host.id") is { Length: > 0 } id ? id : labels.Get("host.name");
        if (FindHost(tenant, key, nowMs) is not { } host) return null;
        if (!_free.TryPop(out var number))
        {
            number = _entries.Count;
            _entries.Add(null);
        }
        entry = new(new(number, host.Host, labels) { LastReceivedUnixMs = nowMs }, host);
        _entries[number] = entry;
        _byLabels[(host.Host.Tenant, labels)] = entry;
        host.Resources.Add(entry);
        return entry;
    }

    /// <summary>The host, added when new; null when there are too many.</summary>
    public HostEntry? FindHost(string tenant, string key, long nowMs)
    {
        if (_hostByKey.TryGetValue((tenant, key), out var host)) return host;
        if (_hostByKey.Count == HostLimit) return null;
        if (!_freeHosts.TryPop(out var id))
        {
            id = _hosts.Count;
            _hosts.Add(null);
        }
        host = new(new(id, tenant, key, nowMs), HashOf(key));
        _hosts[id] = host;
        _hostByKey[(tenant, key)] = host;
        _hostList = null;
        return host;
    }

    /// <summary>Stable over restarts: blocks are found by it.</summary>
    public static uint HashOf(string hostKey) => (uint)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(hostKey));

    public void Remove(ResourceEntry entry)
    {
        foreach (var hash in entry.Variants) _byHash.Remove(hash);
        (entry.LastHash, entry.Next) = (null, null);
        _byLabels.Remove((entry.Host.Host.Tenant, entry.Resource.Labels));
        entry.Host.Resources.Remove(entry);
        if (entry.Host.LastHostLevel == entry) entry.Host.LastHostLevel = null;
        _entries[entry.Resource.Id] = null;
        _free.Push(entry.Resource.Id);
    }

    public void RemoveHost(HostEntry host)
    {
        _hostByKey.Remove((host.Host.Tenant, host.Host.Key));
        _hosts[host.Host.Id] = null;
        _freeHosts.Push(host.Host.Id);
        _hostList = null;
    }

    /// <summary>What a host says about itself stands from its last host-level resource that said it.</summary>
    public static void Describe(ResourceEntry resource)
    {
        var host = resource.Host;
        if (!resource.IsHostLevel || host.LastHostLevel == resource) return;
        host.LastHostLevel = resource;
        Describe(host.Host, resource.Resource.Labels);
    }

    static void Describe(TelemetryHost host, Labels labels)
    {
        if (labels.Get("host.name") is { Length: > 0 } name) host.Name = name;
        if (labels.All(l => !IsAboutHost(l.Key) || host.Attributes.Get(l.Key) == l.Value)) return;
        host.Attributes = Labels.From(host.Attributes.Concat(labels.Where(l => IsAboutHost(l.Key))));
    }

    static bool IsAboutHost(string key) =>
        key.StartsWith("host.", StringComparison.Ordinal) || key.StartsWith("os.", StringComparison.Ordinal)
        || key.StartsWith("cloud.", StringComparison.Ordinal) || key.StartsWith("k8s.", StringComparison.Ordinal)
        || key.StartsWith("nrdot.", StringComparison.Ordinal);
}
