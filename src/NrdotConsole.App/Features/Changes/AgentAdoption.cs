using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Features.Changes;

/// <summary>
/// Makes what an agent came to run by itself the desired state of its host: a Change that adds a flag for that host alone, whose fragment
/// holds the settings that differ. Drafted and validated; nothing goes out before it is approved and started.
/// </summary>
internal sealed class AgentAdoption(AgentDirectory directory, ConfigBodies bodies, DriftWatch drift, ConfigRepository repository, ChangeLife changes)
{
    const string File = "feature-flags.yaml", Hidden = "[REDACTED]";

    /// <returns>The Change; or why there is none.</returns>
    public async Task<(long? Change, AgentRefusal? Refusal)> AdoptAsync(Actor actor, string uid, string? reason, CancellationToken ct = default)
    {
        if (directory.Find(uid) is not { } agent) return (null, AgentRefusal.Unknown(uid));
        if (drift.Compare(agent.AssignedHash, agent.EffectiveHash) is not { Count: > 0 } differences)
            return (null, new("There is nothing to adopt.", "What the agent says it runs does not differ from what is assigned."));
        var effective = YamlTree.Read(bodies.Find(agent.EffectiveHash!)!).Root!.AsMap!;
        var assigned = YamlTree.Read(bodies.Find(agent.AssignedHash!)!).Root!.AsMap!;
        if (differences.FirstOrDefault(d => d.Effective is null) is { } gone)
            return (null, new("This drift cannot be adopted.", $"The agent runs without {gone.Path}: a flag adds and alters settings, it takes none away. Edit the profile, or revert."));
        if (repository.File(repository.Head, File) is not { } file) return (null, new("This drift cannot be adopted.", $"{File} is not in the repository: add it on the Config page."));

        var fragment = Differing([], assigned, effective, [.. differences.Select(d => d.Path)]);
        if (YamlWriter.Write(fragment).Contains(Hidden, StringComparison.Ordinal))
            return (null, new("This drift cannot be adopted.", "The agent hides some of the settings that differ, and what is hidden cannot be written down. Edit the profile, or revert."));
        var key = $"adopted-{new string([.. agent.HostName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')])}";
        var flag = YamlMap.Of(
            ("enabled", true), ("description", $"What {agent.HostName} came to run by itself"),
            ("rollout", YamlMap.Of(("strategy", "canary"), ("hosts", YamlList.Of(agent.HostKey)))), ("collector", fragment));
        var made = await changes.CreateAsync(actor, new(ChangeKind.Flag, $"Adopt what {agent.HostName} runs", reason ?? "")
        {
            Edits = new Dictionary<string, string?> { [File] = ConfigEdit.Set(file.Text, ["features", key[..Math.Min(key.Length, 100)]], flag) },
            Targets = ChangeTargets.All with { Hosts = [new(agent.Tenant, agent.HostKey)] }, Origin = "adopt",
        }, ct);
        if (made.Change is not { } change) return (null, new(made.Refusal!.Title, made.Refusal.Detail));
        // What is wrong with it stands on the Change's own page: the draft is made either way.
        await changes.ValidateAsync(change.Id, new(actor), ct);
        return (change.Id, null);
    }

    /// <summary>Of the effective tree what lies at the differing paths, under the names that the assigned one uses.</summary>
    static YamlMap Differing(string[] path, YamlMap assigned, YamlMap effective, HashSet<string> differing)
    {
        var entries = new List<YamlEntry>();
        foreach (var entry in effective.Entries)
        {
            var canonical = NameOf(path, entry.Key);
            var own = assigned.Entries.FirstOrDefault(a => NameOf(path, a.Key) == canonical);
            var (name, within) = own.Key is null ? (entry.Key, [.. path, canonical]) : (own.Key, (string[])[.. path, own.Key]);
            var at = string.Join('.', within);
            // A list is taken whole, also where one of its items differs.
            if (differing.Contains(at) || (entry.Value is YamlList && differing.Any(d => d.StartsWith(at + ".", StringComparison.Ordinal)))) entries.Add(new(name, entry.Value));
            else if (entry.Value is YamlMap there && own.Value is YamlMap here && Differing(within, here, there, differing) is { Entries.Count: > 0 } part) entries.Add(new(name, part));
        }
        return new(entries);
    }

    static string NameOf(string[] path, string key) => path is [var section] && KnownComponents.Sections.Contains(section) ? KnownComponents.Canonical(section, key) : key;
}
