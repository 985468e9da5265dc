using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>
/// What profiles, filters and flags' fragments make of the configuration that collectors run. Each profile is rendered by itself; filters
/// and fragments are tried together, as the strictest profile renders them, for each tenant that has its own; only where that is refused
/// is each tried alone, to name the one at fault. A ring brings a profile and a label, nothing else that is rendered.
/// </summary>
internal static class RenderedCheck
{
    const string ProfilesFile = "profiles.yaml", FiltersFile = "filters.yaml", FlagsFile = "feature-flags.yaml";

    static readonly CollectorEndpoints s_endpoints = new("${env:NRDOT_CONSOLE_OTLP}");

    public static void Check(DesiredState state, IReadOnlyDictionary<string, string> files, Func<string, FaultList> faultsOf)
    {
        if (state.Profiles.Profiles.MinBy(p => p.CostRank) is not { } strictest) return;
        foreach (var profile in state.Profiles.Profiles) Tell(Found(state, profile, null, [], []), ProfilesFile, ["profiles", profile.Name], files, faultsOf);
        var filters = state.Filters.Filters.Where(f => f.Enabled).ToArray();
        foreach (var tenant in filters.Select(f => f.Tenant).Append(null).Distinct())
        {
            var own = filters.Where(f => f.Tenant is null || f.Tenant == tenant).ToArray();
            if (own.Length == 0 || Found(state, strictest, tenant, own, []).Count == 0) continue;
            foreach (var filter in own.Where(f => f.Tenant == tenant))
                Tell(Found(state, strictest, tenant, [filter], []), FiltersFile, ["filters", filter.Name, "conditions"], files, faultsOf);
        }
        var flags = state.Flags.Flags.Where(f => f.Fragment is not null).ToArray();
        if (flags.Length == 0 || Found(state, strictest, null, [], flags).Count == 0) return;
        foreach (var flag in flags)
            Tell(Found(state, strictest, null, [], [flag]), FlagsFile, ["features", flag.Key, "collector"], files, faultsOf);
    }

    static IReadOnlyList<ConfigFinding> Found(DesiredState state, Profile profile, string? tenant, IReadOnlyList<MetricFilter> filters, IReadOnlyList<Flag> flags)
    {
        var input = new RenderInput(profile, 0, tenant is null ? null : state.Tenants.Find(tenant), flags, new(filters), state.Classification, state.Tenants, s_endpoints);
        return ConfigCheck.Check(CollectorConfigRenderer.Document(input), state.Classification, input.Declared);
    }

    static void Tell(IReadOnlyList<ConfigFinding> findings, string file, string[] path, IReadOnlyDictionary<string, string> files, Func<string, FaultList> faultsOf)
    {
        var line = files.TryGetValue(file, out var text) && YamlTree.Read(text).Root is YamlMap root ? LineOf(root, path) : 0;
        foreach (var finding in findings)
        {
            var (field, message) = (string.Join('.', path), finding.Path.Length > 0 ? $"{finding.Message} (rendered: {finding.Path})" : finding.Message);
            if (finding.IsError) faultsOf(file).Error(line, 0, field, message, finding.Mend);
            else faultsOf(file).Warning(line, 0, field, message, finding.Mend);
        }
    }

    static int LineOf(YamlMap root, string[] path)
    {
        var (map, line) = ((YamlMap?)root, 0);
        foreach (var key in path)
        {
            var entry = map?.Entries.FirstOrDefault(e => e.Key == key) ?? default;
            if (entry.Key is null) break;
            (map, line) = (entry.Value as YamlMap, entry.Line);
        }
        return line;
    }
}
