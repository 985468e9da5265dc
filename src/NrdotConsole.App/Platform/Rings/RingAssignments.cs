using System.Collections.Frozen;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Platform.Rings;

/// <summary>
/// Which ring every host is in: in memory, written before it is true. A host gets its ring when it is first seen, and keeps it until
/// a Change moves it.
/// </summary>
internal sealed class RingAssignments(RingStore store, TimeProvider time) : IDisposable
{
    /// <summary>A host that nobody has seen for so long leaves its ring.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>How stale a host's <see cref="RingMember.SeenAt"/> may be: a row is not written at each sight.</summary>
    static readonly TimeSpan s_seenEvery = TimeSpan.FromHours(1);

    readonly SemaphoreSlim _writing = new(1, 1);
    volatile FrozenDictionary<(string Tenant, string Key), RingMember> _members = FrozenDictionary<(string, string), RingMember>.Empty;

    volatile Words? _words;

    /// <summary>Members by the words that people and programs call them by, made at the first question after a change.</summary>
    sealed record Words(FrozenDictionary<(string Tenant, string Key), RingMember> Of, ILookup<string, RingMember> Members);

    /// <summary>Raised after assignments changed; handlers must return at once.</summary>
    public event Action? Changed;

    public IReadOnlyDictionary<(string Tenant, string Key), RingMember> Members => _members;

    public int? RingOf(string tenant, string hostKey) => _members.GetValueOrDefault((tenant, hostKey))?.Ring;

    /// <summary>Hosts whose key or name it is; the same word may name hosts of several tenants.</summary>
    public IEnumerable<RingMember> Named(string keyOrName)
    {
        var (members, words) = (_members, _words);
        if (words is null || !ReferenceEquals(words.Of, members))
        {
            IEnumerable<string> Of(RingMember member) => member.Host.Key == member.Host.Name ? [member.Host.Key] : [member.Host.Key, member.Host.Name];
            var calls = members.Values.SelectMany(m => Of(m).Select(word => (Word: word, Member: m)));
            _words = words = new(members, calls.ToLookup(c => c.Word, c => c.Member, StringComparer.Ordinal));
        }
        return words.Members[keyOrName];
    }

    public async Task LoadAsync(CancellationToken ct = default) =>
        _members = (await store.AllAsync(ct)).ToFrozenDictionary(m => (m.Host.Tenant, m.Host.Key));

    /// <summary>Gives a ring to hosts that have none, forgets those long unseen, and notes who was seen.</summary>
    public async Task SeeAsync(RingPlan plan, IReadOnlyCollection<HostIdentity> hosts, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        if (hosts.All(h => IsCurrent(h, now)) && !_members.Values.Any(m => now - m.SeenAt > KeptFor)) return;
        await _writing.WaitAsync(ct);
        try
        {
            var members = _members.ToDictionary();
            var seen = hosts.Where(h => !IsCurrent(h, now)).DistinctBy(h => (h.Tenant, h.Key)).ToList();
            var written = new List<RingMember>();
            foreach (var host in seen)
            {
                if (members.TryGetValue((host.Tenant, host.Key), out var known)) written.Add(known with { Host = host.Os.Length > 0 ? host : host with { Os = known.Host.Os }, SeenAt = now });
            }
            var gone = members.Values.Where(m => now - m.SeenAt > KeptFor && !written.Any(w => w.Host == m.Host)).ToList();
            foreach (var member in gone) members.Remove((member.Host.Tenant, member.Host.Key));

            List<HostIdentity> all = [.. members.Values.Select(m => m.Host)];
            var fresh = seen.Where(h => !members.ContainsKey((h.Tenant, h.Key))).ToList();
            all.AddRange(fresh);
            var rings = RingAssignment.Place(plan, all, [.. members.Values.Select(m => m.Ring), .. fresh.Select(_ => RingAssignment.None)]);
            for (var i = members.Count; i < all.Count; i++) written.Add(new(all[i], rings[i], now, now));

            await WriteAsync(members, written, gone, null, ct);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Who would move if this plan were applied: exact shares, the fewest moves.</summary>
    public IReadOnlyList<RingMove> Preview(RingPlan plan)
    {
        var (hosts, rings) = Split(_members.Values);
        return RingAssignment.Moves(hosts, rings, RingAssignment.Rebalance(plan, hosts, rings));
    }

    /// <summary>Moves hosts. Doing it twice is doing it once; a host that has left, or is no longer where the move takes it from, is passed over.</summary>
    public Task MoveAsync(IReadOnlyCollection<RingMove> moves, CancellationToken ct = default) => MoveAsync(moves, null, ct);

    /// <summary>The half of a Change that concerns rings: written with whose it was, so that it is done once.</summary>
    public Task MoveAsync(long change, IReadOnlyCollection<RingMove> moves, CancellationToken ct = default) =>
        MoveAsync(moves, new(change, [.. moves], time.GetUtcNow()), ct);

    /// <summary>Takes back what a Change moved. Hosts that a later one has moved on stay where that put them.</summary>
    public async Task ReturnAsync(long change, CancellationToken ct = default)
    {
        if (await store.MigrationAsync(change, ct) is { ReturnedAt: null } done) await MoveAsync(done.Back, done with { ReturnedAt = time.GetUtcNow() }, ct);
    }

    async Task MoveAsync(IReadOnlyCollection<RingMove> moves, RingMigration? migration, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            var members = _members.ToDictionary();
            var now = time.GetUtcNow();
            var written = new List<RingMember>();
            foreach (var move in moves)
            {
                if (!members.TryGetValue((move.Host.Tenant, move.Host.Key), out var known) || known.Ring == move.To) continue;
                if (move.From is null || known.Ring == move.From) written.Add(known with { Ring = move.To, Since = now });
            }
            await WriteAsync(members, written, [], migration, ct);
        }
        finally
        {
            _writing.Release();
        }
    }

    async Task WriteAsync(Dictionary<(string, string), RingMember> members, List<RingMember> written, List<RingMember> gone, RingMigration? migration, CancellationToken ct)
    {
        if (written.Count == 0 && gone.Count == 0 && migration is null) return;
        if (gone.Count > 0) await store.RemoveAsync(gone, ct);
        if (written.Count > 0 || migration is not null) await store.SetAsync(written, migration, ct);
        foreach (var member in written) members[(member.Host.Tenant, member.Host.Key)] = member;
        if (written.Count == 0 && gone.Count == 0) return;
        _members = members.ToFrozenDictionary();
        Changed?.Invoke();
    }

    public void Dispose() => _writing.Dispose();

    bool IsCurrent(in HostIdentity host, DateTimeOffset now) =>
        _members.TryGetValue((host.Tenant, host.Key), out var known) && now - known.SeenAt < s_seenEvery && known.Host.Name == host.Name
        && (host.Os.Length == 0 || known.Host.Os == host.Os);

    static (IReadOnlyList<HostIdentity> Hosts, IReadOnlyList<int> Rings) Split(IReadOnlyCollection<RingMember> members) =>
        ([.. members.Select(m => m.Host)], [.. members.Select(m => m.Ring)]);
}
