using System.Collections.Concurrent;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// Judges whether agents run what is assigned to them, by meaning. Two configurations are compared once, however many agents have them;
/// only agents that changed are looked at.
/// </summary>
internal sealed class DriftWatch
{
    /// <summary>Pairs remembered; beyond it all are forgotten and compared anew as they come.</summary>
    public const int MaxPairs = 20_000;

    /// <summary>Comparisons at one look: some milliseconds each.</summary>
    const int MaxComparisons = 100;

    readonly AgentDirectory _directory;
    readonly ConfigBodies _bodies;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<Guid, bool> _due = new();
    readonly ConcurrentDictionary<(string Assigned, string Effective), bool?> _differs = new();

    public DriftWatch(AgentDirectory directory, ConfigBodies bodies, TimeProvider time)
    {
        (_directory, _bodies, _time) = (directory, bodies, time);
        foreach (var entry in directory.Entries) _due[entry.Uid] = true;
        directory.Changed += agent => _due[Guid.Parse(agent.InstanceUid)] = true;
    }

    /// <summary>Where they differ; null where either is unknown or no YAML that can be read.</summary>
    public IReadOnlyList<ConfigDifference>? Compare(string? assignedHash, string? effectiveHash)
    {
        if (assignedHash is null || effectiveHash is null) return null;
        if (_bodies.Find(assignedHash) is not { } assigned || _bodies.Find(effectiveHash) is not { } effective) return null;
        return YamlTree.Read(assigned).Root is { } a && YamlTree.Read(effective).Root is { } e ? ConfigComparison.Compare(a, e) : null;
    }

    /// <summary>Looks at agents that changed since the last look.</summary>
    public void Look()
    {
        var left = MaxComparisons;
        foreach (var (uid, _) in _due)
        {
            if (left == 0) return;
            _due.TryRemove(uid, out _);
            if (_directory.Entry(uid) is { } entry) Judge(entry, ref left);
        }
    }

    void Judge(AgentEntry entry, ref int left)
    {
        var seen = entry.Current;
        var differs = IsSettled(seen) ? Differs(seen.AssignedHash!, seen.EffectiveHash!, ref left) : null;
        if (seen.DriftSince is null == differs is not true) return;
        lock (entry)
        {
            var agent = entry.Current;
            // What was judged has been overtaken; the change that overtook it is due for the next look.
            if ((agent.AssignedHash, agent.EffectiveHash, agent.ReportedHash, agent.Status) != (seen.AssignedHash, seen.EffectiveHash, seen.ReportedHash, seen.Status)) return;
            _directory.Publish(entry, agent with { DriftSince = differs is true ? _time.GetUtcNow() : null });
        }
    }

    /// <summary>The agent has answered the assigned configuration: before that, it differs because it is under way.</summary>
    static bool IsSettled(Agent agent) =>
        agent.AssignedHash is not null && agent.EffectiveHash is not null && agent.IsSteered
        && (!agent.Can(AgentCapabilities.ReportsRemoteConfig) || (agent.ReportedHash == agent.AssignedHash && agent.Status is RemoteConfigStatuses.Applied or RemoteConfigStatuses.Failed));

    bool? Differs(string assigned, string effective, ref int left)
    {
        if (_differs.TryGetValue((assigned, effective), out var known)) return known;
        left--;
        if (_differs.Count >= MaxPairs) _differs.Clear();
        return _differs[(assigned, effective)] = Compare(assigned, effective) is { } differences ? differences.Count > 0 : null;
    }
}
