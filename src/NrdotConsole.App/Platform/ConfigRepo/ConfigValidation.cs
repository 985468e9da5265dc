using System.Globalization;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.App.Platform.ConfigRepo.Schemas;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Tenants;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>What a set of files means and what is wrong with it: pure, and the same for forms, REST, pushes and the command line.</summary>
internal static class ConfigValidation
{
    /// <param name="files">Texts by path. A file that is absent stands with its shipped default.</param>
    public static ConfigReport Validate(IReadOnlyDictionary<string, string> files, string commit = "")
    {
        var links = new Links();
        var read = new Dictionary<string, object?>(StringComparer.Ordinal);
        var faults = new List<FaultList>();
        foreach (var (path, text) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var list = new FaultList(path);
            faults.Add(list);
            if (ConfigSchema.Of(path) is { } schema) read[path] = DocumentReader.Read(text, list) is { } root ? schema.Read(new(root, "", list), links) : null;
            else if (RunbookSchema.IsRunbook(path)) RunbookSchema.Check(text, list);
            else if (IsYaml(path)) list.Warning(0, 0, "", "The console does not read this file.", DidYouMean.Of(path, ConfigSchema.All.Select(s => s.Pattern)) is { } near ? $"did you mean '{near}'?" : "configuration stands at the top, under the names of the shipped files");
        }

        var state = new DesiredState(commit, Or(read, "profiles.yaml", ShippedProfiles.All), Or(read, "classification.yaml", ProcessClassification.Default),
            Or(read, "rings.yaml", RingPlan.Default), Or(read, "feature-flags.yaml", FlagSet.None), Or(read, "multi-tenant-config.yaml", TenantSet.None), Or(read, "filters.yaml", FilterSet.None))
        {
            Experiments = Or(read, "experiments.yaml", ExperimentSet.None),
        };
        CheckLinks(links, state, read);
        if (!faults.Any(f => f.HasErrors)) RenderedCheck.Check(state, files, path => faults.Find(f => f.File == path) ?? Added(faults, path));
        return faults.Any(f => f.HasErrors)
            ? new(null, null, [.. faults.SelectMany(f => f.All)])
            : new(state, Or(read, "changes.yaml", ChangeRules.Default), [.. faults.SelectMany(f => f.All)]);
    }

    static FaultList Added(List<FaultList> faults, string path)
    {
        var list = new FaultList(path);
        faults.Add(list);
        return list;
    }

    /// <summary>A file that could not be read gives its names no meaning: what links to it is not blamed.</summary>
    static void CheckLinks(Links links, DesiredState state, Dictionary<string, object?> read)
    {
        Check(LinkKind.Profile, "profiles.yaml", state.Profiles.Profiles.Select(p => p.Name));
        Check(LinkKind.Ring, "rings.yaml", state.Rings.Rings.Select(r => r.Id.ToString(CultureInfo.InvariantCulture)));
        Check(LinkKind.Tenant, "multi-tenant-config.yaml", state.Tenants.Tenants.Select(t => t.Name));
        Check(LinkKind.Flag, "feature-flags.yaml", state.Flags.Flags.Select(f => f.Key));
        Check(LinkKind.ProcessClass, "classification.yaml", state.Classification.Classes.Select(c => c.Name));

        void Check(LinkKind kind, string file, IEnumerable<string> known)
        {
            if (!read.TryGetValue(file, out var document) || document is not null) links.Check(kind, file, [.. known]);
        }
    }

    static T Or<T>(Dictionary<string, object?> read, string file, T shipped) where T : class => read.GetValueOrDefault(file) as T ?? shipped;

    static bool IsYaml(string path) => path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}
