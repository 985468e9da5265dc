using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.People;

/// <summary>The pages of accounts, tokens and the audit log. What they stand on is Platform/Auth and Platform/Audit.</summary>
internal sealed class PeopleModule : Module
{
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("Users", "/people/users", Icons.Material.Outlined.Group, "People", 900, Permissions.PeopleManage),
        new("API tokens", "/people/tokens", Icons.Material.Outlined.Key, "People", 910, Permissions.PeopleManage),
        new("Audit log", "/people/audit", Icons.Material.Outlined.FactCheck, "People", 920, Permissions.AuditRead),
    ];
}
