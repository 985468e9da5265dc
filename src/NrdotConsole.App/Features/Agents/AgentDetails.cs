using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>What only an agent's own page shows.</summary>
internal sealed record AgentDetails(
    IReadOnlyDictionary<string, string> Identifying, IReadOnlyDictionary<string, string> NonIdentifying, ComponentState? Health,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Components, IReadOnlyList<string> CustomCapabilities, IReadOnlyList<PackageStatus> Packages,
    string? ConnectionSettings, string? ConnectionSettingsError)
{
    public static AgentDetails Of(AgentEntry entry, AgentComponents components)
    {
        AgentToServer told;
        lock (entry) told = entry.State.Length > 0 ? entry.ReadState() : new(entry.Uid);
        var available = entry.Current.ComponentsHash is { } hash ? components.Find(hash) : null;
        return new(
            Map(told.Description?.Identifying), Map(told.Description?.NonIdentifying), told.Health is { } health ? ComponentState.Of("", health) : null,
            available?.Components.ToDictionary(c => c.Key, c => (IReadOnlyList<string>)[.. c.Value.Parts.Keys.Order(StringComparer.Ordinal)]) ?? [],
            told.CustomCapabilities?.Capabilities ?? [], [.. told.PackageStatuses?.Packages.Values ?? []],
            told.ConnectionSettingsStatus?.Status.ToString(), told.ConnectionSettingsStatus is { Error.Length: > 0 } s ? s.Error : null);
    }

    static Dictionary<string, string> Map(IReadOnlyList<KeyValue>? attributes)
    {
        var map = new Dictionary<string, string>();
        foreach (var (key, value) in attributes ?? []) map[key] = value?.ToString() ?? "";
        return map;
    }
}

/// <summary>Health of the agent (no name) or of a part of it.</summary>
internal sealed record ComponentState(string Name, bool Healthy, string Status, string? Error, DateTimeOffset? Since, IReadOnlyList<ComponentState> Parts)
{
    public static ComponentState Of(string name, ComponentHealth health) => new(
        name, health.Healthy, health.Status, health.LastError.Length > 0 ? health.LastError : null, Time(health.StatusTimeUnixNano),
        [.. health.Parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Of(p.Key, p.Value))]);

    static DateTimeOffset? Time(ulong unixNano) => unixNano > 0 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(unixNano / 1_000_000)) : null;
}
