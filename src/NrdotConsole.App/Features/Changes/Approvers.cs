using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Who could approve: active accounts whose role may, that can sign in, and that see every tenant that a Change touches.</summary>
internal sealed class Approvers(UserStore users)
{
    public async Task<IReadOnlyCollection<string>> OfAsync(IReadOnlyList<string> tenants, CancellationToken ct = default) =>
    [
        .. (await users.ListAsync(ct))
            .Where(u => !u.Disabled && (u.HasPassword || u.External) && Roles.PermissionsOf(u.Role).Contains(Permissions.ChangesApprove))
            .Where(u => u.Tenants is not { } limited || (tenants.Count > 0 && tenants.All(limited.Contains)))
            .Select(u => u.Name),
    ];
}
