using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Shell;

/// <summary>Every page that modules announce, in the order of the side navigation.</summary>
internal sealed class Navigation(IEnumerable<NavItem> items)
{
    public IReadOnlyList<NavItem> Items { get; } = [.. items.OrderBy(i => i.Order)];

    public async Task<IReadOnlyList<NavItem>> AllowedAsync(IAuthorizationService authorization, ClaimsPrincipal user)
    {
        var allowed = new List<NavItem>(Items.Count);
        foreach (var item in Items)
        {
            if (item.Permission.Length == 0 || (await authorization.AuthorizeAsync(user, item.Permission)).Succeeded) allowed.Add(item);
        }
        return allowed;
    }
}
