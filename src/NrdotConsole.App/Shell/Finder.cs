using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Shell;

/// <summary>Ranks pages and hosts for the command palette.</summary>
internal sealed class Finder(Navigation pages, SignalBoard board, IAuthorizationService authorization)
{
    public const int MostHits = 20;

    /// <summary>One line of the palette. Tenant and host are set for hosts.</summary>
    public sealed record Hit(string Kind, string Title, string Hint, string Href, string? Tenant = null, string? Host = null);

    /// <param name="only">"host" leaves pages out.</param>
    /// <param name="tenant">Hosts of this tenant only; null for all that <paramref name="user"/> may see.</param>
    public async Task<IReadOnlyList<Hit>> FindAsync(ClaimsPrincipal user, string typed, string? only, string? tenant)
    {
        var found = new List<(int Score, Hit Hit)>();
        if (only != "host")
        {
            foreach (var page in await pages.AllowedAsync(authorization, user))
            {
                // A page wins over a host that fits as well: there are few of them.
                if (FuzzyMatch.Score(typed, page.Title) is { } score) found.Add((score + 50, new("Page", page.Title, page.Group, page.Href)));
            }
        }
        foreach (var host in board.Fleet(SignalScope.Fleet).Current?.Rows ?? [])
        {
            if (tenant is not null && host.Tenant != tenant) continue;
            var score = Better(FuzzyMatch.Score(typed, host.Name), FuzzyMatch.Score(typed, host.HostKey));
            if (score is null || host.HostKey.Length == 0 || !user.MaySee(host.Tenant)) continue;
            found.Add((score.Value, new("Host", host.Name, host.Tenant, ViewState.Default.HostHref(host.Tenant, host.HostKey), host.Tenant, host.HostKey)));
        }
        return [.. found.OrderByDescending(f => f.Score).ThenBy(f => f.Hit.Kind == "Page" ? 0 : 1).Take(MostHits).Select(f => f.Hit)];
    }

    static int? Better(int? a, int? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
}
