using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.GitOps.Remote;

internal static class RemoteEndpoints
{
    public static void MapRemoteApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/config/remote", (RemoteSync sync, RemoteSettings settings) => sync.Status.Current ?? new(RemoteState.Waiting, settings.ShownUrl, settings.Branch, "Not asked yet", null))
            .RequirePermission(Permissions.ConfigRead).WithTags("Config").WithSummary("How main and the remote stand to each other").Produces<RemoteStatus>();
        routes.MapPost("/api/v1/config/remote/sync", SyncAsync)
            .RequirePermission(Permissions.ConfigWrite).WithTags("Config").WithSummary("Fetches, opens Changes of what was pushed, pushes what main has more").Produces<RemoteStatus>();
    }

    static async Task<RemoteStatus> SyncAsync(HttpContext http, RemoteSync sync, AuditLog audit, CancellationToken ct)
    {
        var status = await sync.SyncAsync(ct);
        await audit.AppendAsync(new(http.User.Actor(http.ClientAddress()), "config.sync", "config:remote", After: new { status.State, status.RemoteCommit, status.Change }), ct);
        return status;
    }
}
