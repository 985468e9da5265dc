using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>deploy-nrdot.yml</c>: an Ansible playbook. Ansible judges it; here only its shape is looked at.</summary>
internal static class PlaybookSchema
{
    public static object? Read(Field root, Links links)
    {
        foreach (var play in root.List())
        {
            if (play.Map() is not { } map) continue;
            if (map.Find("import_playbook") is null) map.Require("hosts", "which hosts the play is for");
            foreach (var role in map.Find("roles")?.List() ?? [])
                if (role.Node.Shape == NodeShape.Map && role.Map()?.Find("role") is null && role.Map()?.Find("name") is null) role.Error("The role has no name.", "role: nrdot-base");
            map.Find("tasks")?.List();
        }
        return root;
    }
}
