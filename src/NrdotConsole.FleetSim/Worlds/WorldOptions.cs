using NrdotConsole.FleetSim.Events;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>What a world is made of. The same options and times make the same bytes.</summary>
public sealed record WorldOptions
{
    public ulong Seed { get; init; } = 7;
    public int Hosts { get; init; } = 60;
    public int Tenants { get; init; } = 3;

    /// <summary>From one scrape of a host to its next, once the world is live.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same before the world is live, where history is filled in.</summary>
    public TimeSpan HistoryInterval { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan InventoryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The profile of every host; null gives each ring its own (see <see cref="HostFactory"/>).</summary>
    public CollectionProfile? Profile { get; init; }

    /// <summary>What happens, by offset from the moment the world goes live.</summary>
    public IReadOnlyList<SimEvent> Script { get; init; } = [];

    /// <summary>Adds an event of the seed's choosing to some host every few minutes.</summary>
    public bool Eventful { get; init; }
}
