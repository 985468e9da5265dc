using System.Globalization;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Changes.Api;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Rings.Api;

/// <summary>An edit of the plan; parts that are left out stay as they are. <paramref name="Shares"/> are 0..1 by ring, <paramref name="Pins"/> rings by host key.</summary>
internal sealed record RingBody(
    IReadOnlyDictionary<int, decimal>? Shares, IReadOnlyDictionary<string, int>? Pins, IReadOnlyList<string>? Exclusions, IReadOnlyList<int>? Order, string? Reason, RolloutView? Rollout)
{
    public RingEdit Edit => new() { Shares = Shares, Pins = Pins, Exclusions = Exclusions, Order = Order };
}

internal static class RingEndpoints
{
    public static void MapRingApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/rings", (HttpContext http, RingReading reading) => Results.Ok(Seen(http, reading.List(http.User.AllowedTenants()))))
            .RequirePermission(Permissions.ConfigRead)
            .WithTags("Rings").WithSummary("The plan and its rings in the order of a rollout: shares, hosts now and by exact shares, pins, exclusions, what they measure")
            .Produces<RingList>();
        routes.MapGet("/api/v1/rings/{id:int}/hosts", Hosts).RequirePermission(Permissions.ConfigRead)
            .WithTags("Rings").WithSummary("Hosts of a ring, by name; ?tenant= and ?q= (part of a name, key or tenant) narrow, ?offset= and ?limit= page")
            .Produces<Page<RingHost>>().ProducesValidationProblem().ProducesProblem(403).ProducesProblem(404);
        routes.MapPost("/api/v1/rings/preview", PreviewAsync).RequirePermission(Permissions.ConfigRead)
            .WithTags("Rings").WithSummary("Who would move by other shares, order, pins or exclusions; nothing is kept. ?offset= and ?limit= page the hosts")
            .Accepts<RingBody>("application/json").Produces<RingPreview>().ProducesValidationProblem();
        routes.MapPost("/api/v1/rings", OpenAsync).RequirePermission(Permissions.ConfigWrite)
            .WithTags("Rings").WithSummary("Opens a change of the plan, with its reason; nobody moves before it is applied. An Idempotency-Key makes it safe to send again")
            .Accepts<RingBody>("application/json").Produces<ChangeView>(201).ProducesValidationProblem().ProducesProblem(403).ProducesProblem(409);
    }

    static IResult Hosts(HttpContext http, int id, RingReading reading)
    {
        if (reading.Plan.Find(id) is null)
            return Results.Problem(statusCode: 404, title: "No such ring.", detail: $"There is no ring {id}; there are {string.Join(", ", reading.Plan.Rings.Select(r => r.Id))}.");
        var faults = new List<Fault>();
        PageRequest.TryParse(http.Request.Query, faults, out var page);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        var tenant = http.Request.Query["tenant"].ToString();
        if (tenant.Length > 0 && !http.User.MaySee(tenant)) return Results.Problem(statusCode: 403, title: "Not your tenant.");
        var hosts = page.Of(reading.Hosts(id, tenant.Length > 0 ? new HashSet<string> { tenant } : http.User.AllowedTenants(), http.Request.Query["q"]));
        return Results.Ok(http.User.Has(Permissions.CostRead) ? hosts : hosts with { Items = [.. hosts.Items.Select(h => h with { UsdPerHour = null })] });
    }

    static async Task<IResult> PreviewAsync(HttpContext http, RingReading reading, RingPreviews previews, CancellationToken ct)
    {
        var (body, fault) = await JsonBody.ReadAsync<RingBody>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        var (plan, faults) = body!.Edit.On(reading.Plan);
        List<Fault> all = [.. faults];
        PageRequest.TryParse(http.Request.Query, all, out var page);
        if (all.Count > 0) return FaultResults.Problem(all);
        var preview = previews.Of(plan, http.User.AllowedTenants(), page);
        return Results.Ok(http.User.Has(Permissions.CostRead) ? preview : preview with { UsdPerHourBefore = null, UsdPerHourAfter = null });
    }

    static async Task<IResult> OpenAsync(HttpContext http, RingChanges changes, CancellationToken ct)
    {
        if (http.User.AllowedTenants() is not null)
            return Results.Problem(statusCode: 403, title: "Your account is limited to tenants.", detail: "Rings are the whole fleet's: a change of them needs an account for all tenants.");
        var (body, fault) = await JsonBody.ReadAsync<RingBody>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        var faults = new List<Fault>();
        var rollout = body!.Rollout?.Read(RolloutOptions.Default, faults) ?? RolloutOptions.Default;
        if (faults.Count > 0) return FaultResults.Problem(faults);
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        var result = await changes.OpenAsync(http.User.Actor(http.ClientAddress()), body.Edit, body.Reason, rollout, "api", key.Length > 0 ? key : null, ct);
        if (result is { Refusal: { } refusal })
            return refusal.Kind == RefusalKind.Invalid ? FaultResults.Problem(refusal.Faults) : Results.Problem(statusCode: 409, title: refusal.Title, detail: refusal.Detail);
        var change = result.Change!;
        http.Response.Headers.ETag = $"\"{change.Version.ToString(CultureInfo.InvariantCulture)}\"";
        return Results.Created($"/api/v1/changes/{change.Id}", ChangeView.Of(change));
    }

    static RingList Seen(HttpContext http, RingList list) => http.User.Has(Permissions.CostRead) ? list : list with
    {
        Rings = [.. list.Rings.Select(r => r with { Signals = r.Signals.WithoutDollars() })],
        Roles = [.. list.Roles.Select(r => r with { Signals = r.Signals.WithoutDollars() })],
    };
}
