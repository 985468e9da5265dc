using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Platform.Live;

/// <summary>
/// Live panels for any SignalR client: the charts of the pages, wallboards, other programs. <c>docs/hub.md</c> documents it.
/// </summary>
internal sealed class LiveHub(LiveBroadcast broadcast, SignalBoard board, IAuthorizationService authorization, OpenAccess open) : Hub
{
    /// <summary>The one message that clients receive: panel, scope, value.</summary>
    public const string Summary = "summary";

    public const int SubscriptionLimit = 64;

    const string SubscriptionsKey = "subscriptions", AccessKey = "access";

    ConcurrentDictionary<string, (HubPanel Panel, SignalScope Scope)> Subscriptions =>
        (ConcurrentDictionary<string, (HubPanel, SignalScope)>)Context.Items[SubscriptionsKey]!;

    public override Task OnConnectedAsync()
    {
        Context.Items[SubscriptionsKey] = new ConcurrentDictionary<string, (HubPanel, SignalScope)>();
        Context.Items[AccessKey] = open.Watch(Context.User!, Context.Abort);
        return base.OnConnectedAsync();
    }

    /// <summary>Sends the present value at once, then every change. Subscribing again sends the present value again.</summary>
    public async Task Subscribe(string panel, string scope)
    {
        var (found, parsed) = await CheckAsync(panel, scope);
        var group = LiveBroadcast.GroupOf(found, parsed);
        if (!Subscriptions.ContainsKey(group))
        {
            if (Subscriptions.Count >= SubscriptionLimit) throw new HubException($"A connection holds at most {SubscriptionLimit} subscriptions; unsubscribe from one, or open another connection.");
            if (Subscriptions.TryAdd(group, (found, parsed)))
            {
                broadcast.Join(found, parsed);
                await Groups.AddToGroupAsync(Context.ConnectionId, group, Context.ConnectionAborted);
            }
        }
        if (broadcast.Current(found, parsed) is { } value) await Clients.Caller.SendAsync(Summary, found.Name, parsed.ToString(), value, Context.ConnectionAborted);
    }

    public async Task Unsubscribe(string panel, string scope)
    {
        if (HubPanels.Find(panel) is not { } found || !SignalScope.TryParse(scope, out var parsed)) return;
        var group = LiveBroadcast.GroupOf(found, parsed);
        if (!Subscriptions.TryRemove(group, out _)) return;
        broadcast.Leave(found, parsed);
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, group);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        ((IDisposable)Context.Items[AccessKey]!).Dispose();
        foreach (var (panel, scope) in Subscriptions.Values) broadcast.Leave(panel, scope);
        Subscriptions.Clear();
        return base.OnDisconnectedAsync(exception);
    }

    async Task<(HubPanel Panel, SignalScope Scope)> CheckAsync(string panel, string scope)
    {
        if (HubPanels.Find(panel) is not { } found)
            throw new HubException($"panel: there is no '{Short(panel)}'; one of {string.Join(", ", HubPanels.All.Select(p => p.Name))}.");
        if (!SignalScope.TryParse(scope, out var parsed)) throw new HubException($"scope: '{Short(scope)}' is not fleet, tenant:NAME or host:TENANT/HOST.");
        if (found.WholeFleetOnly && parsed != SignalScope.Fleet) throw new HubException($"scope: the panel '{found.Name}' exists for the scope fleet only.");

        var user = Context.User!;
        if (!(await authorization.AuthorizeAsync(user, found.Permission)).Succeeded) throw new HubException($"The panel '{found.Name}' needs the permission {found.Permission}.");
        // An unknown tenant is answered as a forbidden one: names of others' tenants are not to be guessed.
        if (parsed.Tenant is null ? user.AllowedTenants() is not null : !user.MaySee(parsed.Tenant) || !board.Tenants.Contains(parsed.Tenant))
            throw new HubException($"scope: '{parsed}' is not among the tenants you may see.");
        if (parsed.Host is not null && board.Fleet(new(parsed.Tenant)).Current?.Rows.Any(h => h.HostKey == parsed.Host) != true)
            throw new HubException($"scope: the tenant '{parsed.Tenant}' has no host '{Short(parsed.Host)}'.");
        return (found, parsed);
    }

    static string Short(string? text) => text is { Length: > 60 } ? text[..60] + "…" : text ?? "";
}
