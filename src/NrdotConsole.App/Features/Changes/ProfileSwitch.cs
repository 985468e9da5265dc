using System.Globalization;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>
/// Another profile for rings, tenants, hosts, or whoever nothing else decides. A host's pin goes before its ring's profile, that before its
/// tenant's, that before the default.
/// </summary>
internal sealed record ProfileSwitch(string To, ChangeTargets Targets)
{
    const string Rings = "rings.yaml", Profiles = "profiles.yaml", Tenants = "multi-tenant-config.yaml";

    public string Title => $"{Whom} to {To}";

    string Whom => (Targets.Rings.Count, Targets.Tenants.Count, Targets.Hosts.Count) switch
    {
        (0, 0, 0) => "Default profile",
        ( > 0, 0, 0) => $"Ring{(Targets.Rings.Count > 1 ? "s" : "")} {string.Join(", ", Targets.Rings)}",
        (0, > 0, 0) => $"Tenant{(Targets.Tenants.Count > 1 ? "s" : "")} {string.Join(", ", Targets.Tenants.Take(3))}",
        (0, 0, 1) => Targets.Hosts[0].Key,
        (0, 0, _) => $"{Targets.Hosts.Count} hosts",
        _ => "Rings, tenants and hosts",
    };

    /// <param name="files">Texts by path, as they are now.</param>
    public (IReadOnlyDictionary<string, string?> Edits, IReadOnlyList<Fault> Faults) On(IReadOnlyDictionary<string, string> files)
    {
        var edits = new Dictionary<string, string?>(StringComparer.Ordinal);
        var faults = new List<Fault>();
        if (Targets.Rings.Count + Targets.Tenants.Count + Targets.Hosts.Count == 0) Set(Profiles, ["default"], "profile.to", To, "a profiles.yaml with a default");
        foreach (var ring in Targets.Rings)
            Set(Rings, ["rings", string.Create(CultureInfo.InvariantCulture, $"id={ring}"), "profile"], "targets.rings", $"{ring}", "a ring of rings.yaml");
        foreach (var tenant in Targets.Tenants)
            Set(Tenants, ["tenants", $"name={tenant}", "profile"], "targets.tenants", tenant, "a tenant of multi-tenant-config.yaml: add it there first");
        foreach (var host in Targets.Hosts)
            Set(Profiles, ["pins", host.Key], "targets.hosts", host.Key, "a profiles.yaml with a map of pins");
        return (edits, faults);

        void Set(string file, string[] path, string field, string value, string allowed)
        {
            var text = edits.GetValueOrDefault(file) ?? files.GetValueOrDefault(file) ?? ShippedFiles.All.GetValueOrDefault(file) ?? "";
            try
            {
                edits[file] = ConfigEdit.Set(text, path, To);
            }
            catch (FormatException)
            {
                faults.Add(new(field, value, allowed));
            }
        }
    }
}
