using System.Text.Json.Serialization;

namespace NrdotConsole.App.Features.Inventory;

/// <summary>A host as Ansible knows it. <paramref name="Name"/> is its name in the inventory, one over all tenants.</summary>
internal sealed record AnsibleHost(string Name, HostVars Vars);

/// <summary>Variables of a host, spelt as Ansible's.</summary>
internal sealed record HostVars(
    [property: JsonPropertyName("ansible_host")] string Address,
    [property: JsonPropertyName("host_profile")] string Profile,
    [property: JsonPropertyName("nrdot_tenant")] string Tenant,
    [property: JsonPropertyName("nrdot_host_key")] string HostKey,
    [property: JsonPropertyName("nrdot_ring")] int Ring,
    [property: JsonPropertyName("nrdot_os")] string Os,
    [property: JsonPropertyName("nrdot_config_hash")] string ConfigHash)
{
    /// <summary>An agent takes its configuration from the console over OpAMP: Ansible leaves it alone.</summary>
    [JsonPropertyName("nrdot_opamp")]
    public bool IsSteered { get; init; }
}

/// <summary>A host that no playbook is given, and why.</summary>
internal sealed record LeftOut(string Tenant, string Name, string Why);

internal sealed record AnsibleGroup(
    [property: JsonPropertyName("hosts")] IReadOnlyList<string> Hosts,
    [property: JsonPropertyName("vars"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, object>? Vars = null);

/// <summary>All hosts in the order in which a rollout reaches them, with their groups.</summary>
internal sealed record AnsibleInventory(string Commit, IReadOnlyList<int> RolloutOrder, IReadOnlyList<AnsibleHost> Hosts, IReadOnlyList<LeftOut> LeftOut)
{
    public const string AllHosts = "nrdot_hosts";

    /// <summary>
    /// The answer of a dynamic inventory: groups by name, and <c>_meta.hostvars</c>. A page of it is an inventory of its hosts;
    /// <c>_meta.next</c> is the offset of the following one, null on the last.
    /// </summary>
    public Dictionary<string, object> Json(int offset, int limit)
    {
        var page = Hosts.Skip(offset).Take(limit).ToList();
        var json = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [AllHosts] = new AnsibleGroup([.. page.Select(h => h.Name)], new Dictionary<string, object> { ["nrdot_rollout_order"] = RolloutOrder, ["nrdot_commit"] = Commit }),
        };
        Add("tenant", h => h.Vars.Tenant);
        Add("ring", h => $"{h.Vars.Ring}");
        Add("profile", h => h.Vars.Profile);
        Add("os", h => h.Vars.Os);
        json["_meta"] = new AnsibleMeta(page.ToDictionary(h => h.Name, h => h.Vars), Hosts.Count, offset + page.Count < Hosts.Count ? offset + page.Count : null, LeftOut);
        return json;

        void Add(string prefix, Func<AnsibleHost, string> text)
        {
            // Names are found over all hosts, so that a group is called the same on every page.
            var names = AnsibleNames.Groups(prefix, Hosts.Select(text).Where(t => t.Length > 0));
            foreach (var group in page.Where(h => text(h).Length > 0).GroupBy(h => names[text(h)])) json[group.Key] = new AnsibleGroup([.. group.Select(h => h.Name)]);
        }
    }
}

internal sealed record AnsibleMeta(
    [property: JsonPropertyName("hostvars")] IReadOnlyDictionary<string, HostVars> HostVars,
    [property: JsonPropertyName("total")] int Total,
    [property: JsonPropertyName("next")] int? Next,
    [property: JsonPropertyName("left_out")] IReadOnlyList<LeftOut> LeftOut);
