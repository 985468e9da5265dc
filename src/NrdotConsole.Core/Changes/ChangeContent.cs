using System.Security.Cryptography;
using System.Text.Json;

namespace NrdotConsole.Core.Changes;

/// <summary>
/// Whom a Change says it is for. Empty lists: whoever it alters. Where something is named, the dry run must find that it alters nobody else.
/// Hosts are by tenant and key.
/// </summary>
public sealed record ChangeTargets(IReadOnlyList<int> Rings, IReadOnlyList<string> Tenants, IReadOnlyList<HostTarget> Hosts)
{
    public static readonly ChangeTargets All = new([], [], []);

    public bool Includes(string tenant, string hostKey, int? ring) =>
        Rings.Count + Tenants.Count + Hosts.Count == 0
        || (ring is { } r && Rings.Contains(r)) || Tenants.Contains(tenant) || Hosts.Contains(new(tenant, hostKey));
}

public sealed record HostTarget(string Tenant, string Key);

/// <summary>How a Change goes out: agents at once, how long a ring must hold before the next, how long an agent may take.</summary>
public sealed record RolloutOptions
{
    public static readonly RolloutOptions Default = new();

    /// <summary>How long a ring is watched after its last agent has applied.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Agents that apply at the same time.</summary>
    public int Concurrency { get; init; } = 50;

    /// <summary>An agent that has not reported the new configuration after this long has failed.</summary>
    public TimeSpan ApplyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether rings are judged against their control before the next begins. Agents that fail end a rollout either way.</summary>
    public bool Gates { get; init; } = true;

    public static readonly TimeSpan LongestSoak = TimeSpan.FromDays(7), LongestApply = TimeSpan.FromHours(1);
    public const int MostConcurrent = 10_000;

    /// <summary>The fields out of their range, with what they may hold.</summary>
    public IEnumerable<(string Field, string Value, string Allowed)> Faults()
    {
        if (Soak < TimeSpan.Zero || Soak > LongestSoak) yield return ("rollout.soak", $"{Soak}", "from 0s to 7d");
        if (Concurrency is < 1 or > MostConcurrent) yield return ("rollout.concurrency", $"{Concurrency}", $"from 1 to {MostConcurrent} agents");
        if (ApplyTimeout < TimeSpan.FromSeconds(1) || ApplyTimeout > LongestApply) yield return ("rollout.applyTimeout", $"{ApplyTimeout}", "from 1s to 1h");
    }
}

/// <summary>What is approved: the tree of files beside main, and how it would go out. Commits and trees are full git ids.</summary>
public sealed record ChangeContent(string BaseCommit, string Commit, string Tree, ChangeTargets Targets, RolloutOptions Rollout)
{
    /// <summary>Lower-case hex SHA-256 over kind, base, tree, targets and rollout. The commit's own id is left out: it holds its time and message.</summary>
    public string Hash(ChangeKind kind, bool emergency) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { Kind = kind.ToString(), Emergency = emergency, BaseCommit, Tree, Targets, Rollout })));
}
