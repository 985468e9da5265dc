using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// Configurations by the SHA-256 of their text, each kept once: rendered ones and those that agents say they run. The last few
/// asked for stay in memory; a new one waits there until it is written.
/// </summary>
internal sealed class ConfigBodies(ConsoleDatabase database, TimeProvider time)
{
    /// <summary>Most bodies kept in memory; a fleet has a few rendered ones, and an effective one for each way hosts differ.</summary>
    public const int MaxCached = 512;

    readonly ConcurrentDictionary<string, string> _unwritten = new();
    readonly ConcurrentDictionary<string, string> _cached = new();

    public static string HashOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>Keeps a body; it is written with the next batch.</summary>
    public void Add(string hash, string body)
    {
        if (!_cached.ContainsKey(hash)) _unwritten.TryAdd(hash, body);
    }

    /// <summary>Writes a body within the caller's transaction: what refers to it is written with it or not at all.</summary>
    public async Task SaveAsync(DbTransaction transaction, string hash, string body)
    {
        await transaction.Connection!.ExecuteAsync(
            "INSERT INTO config_bodies (hash, body, added_at) VALUES (@hash, @body, @now) ON CONFLICT DO NOTHING", new { hash, body, now = time.GetUtcNow() }, transaction);
        Cache(hash, body);
    }

    public async Task SaveUnwrittenAsync(DbTransaction transaction)
    {
        foreach (var (hash, body) in _unwritten) await SaveAsync(transaction, hash, body);
    }

    /// <summary>Says that what <see cref="SaveUnwrittenAsync"/> wrote is committed.</summary>
    public void Written()
    {
        foreach (var (hash, _) in _unwritten)
            if (_cached.ContainsKey(hash)) _unwritten.TryRemove(hash, out _);
    }

    public string? Find(string hash)
    {
        if (_cached.TryGetValue(hash, out var body) || _unwritten.TryGetValue(hash, out body)) return body;
        using var connection = database.OpenAsync().AsTask().GetAwaiter().GetResult();
        body = connection.QuerySingleOrDefault<string>("SELECT body FROM config_bodies WHERE hash = @hash", new { hash });
        if (body is not null) Cache(hash, body);
        return body;
    }

    void Cache(string hash, string body)
    {
        // Any one gives way: what is asked for often comes back at its next use.
        if (_cached.Count >= MaxCached) _cached.TryRemove(_cached.Keys.First(), out _);
        _cached[hash] = body;
    }
}
