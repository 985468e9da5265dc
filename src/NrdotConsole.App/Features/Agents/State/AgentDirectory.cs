using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// Every agent known, connected or not. Reading takes no lock. Who listens to <see cref="Changed"/> is called on the thread that
/// served the agent: it must return at once and throw nothing. A heartbeat alone changes <see cref="Agent.LastSeen"/> and is no change.
/// </summary>
internal sealed class AgentDirectory
{
    readonly ConcurrentDictionary<Guid, AgentEntry> _entries = new();
    readonly ConcurrentDictionary<(string Tenant, string HostKey), ImmutableArray<AgentEntry>> _byHost = new();
    readonly ConcurrentQueue<AgentEntry> _dirty = new();
    long _version;

    public event Action<Agent>? Changed;

    public IReadOnlyList<Agent> All => [.. _entries.Select(e => e.Value.Current)];

    public int Count => _entries.Count;

    /// <summary>Grows with each change.</summary>
    public long Version => Volatile.Read(ref _version);

    public Agent? Find(string uid) => Guid.TryParse(uid, out var id) ? Entry(id)?.Current : null;

    /// <summary>The agent of a host: a connected one before others, then the one heard last.</summary>
    public Agent? OfHost(string tenant, string hostKey)
    {
        Agent? best = null;
        if (!_byHost.TryGetValue((tenant, hostKey), out var entries)) return null;
        foreach (var entry in entries)
        {
            var agent = entry.Current;
            if (best is null || (agent.Connected, agent.LastSeen).CompareTo((best.Connected, best.LastSeen)) > 0) best = agent;
        }
        return best;
    }

    public AgentEntry? Entry(Guid uid) => _entries.GetValueOrDefault(uid);

    public AgentEntry? Entry(string uid) => Guid.TryParse(uid, out var id) ? Entry(id) : null;

    public IEnumerable<AgentEntry> Entries => _entries.Select(e => e.Value);

    /// <summary>Adds an agent, or finds the one that another thread added first.</summary>
    public AgentEntry Add(AgentEntry entry)
    {
        var there = _entries.GetOrAdd(entry.Uid, entry);
        if (there == entry) Index(entry, entry.Current);
        return there;
    }

    public AgentEntry? Remove(Guid uid)
    {
        if (!_entries.TryRemove(uid, out var entry)) return null;
        Unindex(entry, entry.Current);
        Interlocked.Increment(ref _version);
        Changed?.Invoke(entry.Current with { Connected = false });
        return entry;
    }

    /// <summary>Only the time it was heard.</summary>
    public static void Seen(AgentEntry entry, DateTimeOffset now) => entry.Set(entry.Current with { LastSeen = now });

    /// <summary>Publishes an agent's new state and has it written. Called under the entry's lock.</summary>
    public void Publish(AgentEntry entry, Agent agent)
    {
        var before = entry.Current;
        entry.Set(agent);
        if ((before.Tenant, before.HostKey) != (agent.Tenant, agent.HostKey))
        {
            Unindex(entry, before);
            Index(entry, agent);
        }
        Touch(entry);
        Interlocked.Increment(ref _version);
        Changed?.Invoke(agent);
    }

    /// <summary>Has the entry written, though nothing of it that others see has changed.</summary>
    public void Touch(AgentEntry entry)
    {
        if (Interlocked.Exchange(ref entry.Dirty, 1) == 0) _dirty.Enqueue(entry);
    }

    /// <summary>Takes entries that wait to be written; a change that comes later queues its entry anew.</summary>
    public List<AgentEntry> TakeDirty(int most)
    {
        var taken = new List<AgentEntry>();
        while (taken.Count < most && _dirty.TryDequeue(out var entry))
        {
            Volatile.Write(ref entry.Dirty, 0);
            taken.Add(entry);
        }
        return taken;
    }

    void Index(AgentEntry entry, Agent agent)
    {
        if (agent.HostKey.Length > 0)
            _byHost.AddOrUpdate((agent.Tenant, agent.HostKey), static (_, e) => [e], static (_, there, e) => there.Contains(e) ? there : there.Add(e), entry);
    }

    void Unindex(AgentEntry entry, Agent agent)
    {
        var key = (agent.Tenant, agent.HostKey);
        while (_byHost.TryGetValue(key, out var there))
        {
            var without = there.Remove(entry);
            if (without.IsEmpty ? _byHost.TryRemove(new(key, there)) : _byHost.TryUpdate(key, without, there)) return;
        }
    }
}
