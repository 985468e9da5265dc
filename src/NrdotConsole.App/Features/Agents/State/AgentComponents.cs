using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>What collectors could run, by the hash that they tell of it. An agent of a hash that is not known yet is asked for the list; one at a time for each hash.</summary>
internal sealed class AgentComponents(TimeProvider time)
{
    /// <summary>Most lists known; a fleet has one for each build of its collectors.</summary>
    public const int MaxLists = 1000;

    static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<string, byte[]> _byHash = new();
    readonly ConcurrentDictionary<string, ComponentSet> _sets = new();
    readonly ConcurrentDictionary<string, DateTimeOffset> _asked = new();
    readonly ConcurrentQueue<string> _unwritten = new();

    public async Task LoadAsync(DbConnection connection)
    {
        foreach (var row in await connection.QueryAsync<Row>("SELECT hash AS Hash, body AS Body FROM agent_components")) _byHash[row.Hash] = row.Body;
    }

    public AvailableComponents? Find(string hash) =>
        _byHash.TryGetValue(hash, out var body) ? OpAmpCodec.ReadAgentToServer(body, out _)?.AvailableComponents : null;

    /// <summary>What an agent's collector is built of, one object for each list; null where the agent has not told.</summary>
    public ComponentSet? SetOf(Agent agent) =>
        agent.ComponentsHash is not { } hash ? null : _sets.TryGetValue(hash, out var known) ? known : Find(hash) is { } list ? _sets.GetOrAdd(hash, SetOf(list)) : null;

    /// <summary>It told the hash of a list that it has not sent yet.</summary>
    public bool IsAwaited(Agent agent) => agent.ComponentsHash is { } hash && !_byHash.ContainsKey(hash) && _byHash.Count < MaxLists;

    static ComponentSet SetOf(AvailableComponents list) =>
        new(list.Components.Where(c => c.Value.Parts.Count > 0).ToDictionary(c => c.Key, c => (IReadOnlySet<string>)c.Value.Parts.Keys.ToHashSet(StringComparer.Ordinal)));

    public void Add(string hash, AvailableComponents components)
    {
        if (_byHash.Count >= MaxLists || !_byHash.TryAdd(hash, OpAmpCodec.Write(new AgentToServer(Guid.Empty) { AvailableComponents = components }, webSocket: false))) return;
        _asked.TryRemove(hash, out _);
        _unwritten.Enqueue(hash);
    }

    /// <summary>This agent shall be asked for the list.</summary>
    public bool IsWanted(string hash)
    {
        if (_byHash.ContainsKey(hash) || _byHash.Count >= MaxLists) return false;
        var now = time.GetUtcNow();
        if (_asked.TryGetValue(hash, out var at)) return now - at >= AskAgainAfter && _asked.TryUpdate(hash, now, at);
        return _asked.TryAdd(hash, now);
    }

    public async Task SaveUnwrittenAsync(DbTransaction transaction)
    {
        // What a failed transaction takes from the queue is told again by an agent after a restart.
        while (_unwritten.TryDequeue(out var hash))
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO agent_components (hash, body, added_at) VALUES (@hash, @body, @now) ON CONFLICT DO NOTHING", new { hash, body = _byHash[hash], now = time.GetUtcNow() }, transaction);
    }

    sealed record Row(string Hash, byte[] Body);
}
