using System.Globalization;
using System.Security.Claims;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes.Api;

internal static class ChangeEndpoints
{
    public static void MapChangeApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/changes", ListAsync).RequirePermission(Permissions.ConfigRead)
            .WithTags("Changes").WithSummary("Changes, newest first; ?state= ?author= ?kind= narrow, ?offset= and ?limit= page")
            .Produces<Page<ChangeView>>().ProducesValidationProblem();
        routes.MapGet("/api/v1/changes/{id:long}", OneAsync).RequirePermission(Permissions.ConfigRead)
            .WithTags("Changes").WithSummary("One change with its events, dry run and diff; the ETag is its version")
            .Produces<ChangeDetails>().ProducesProblem(404);
        routes.MapPost("/api/v1/changes", CreateAsync).RequirePermission(Permissions.ConfigWrite)
            .WithTags("Changes").WithSummary("Drafts a change of files, or of the profile of targets; an Idempotency-Key makes the request safe to send again")
            .Accepts<NewChangeBody>("application/json").Produces<ChangeView>(201).ProducesValidationProblem().ProducesProblem(409);
        routes.MapPut("/api/v1/changes/{id:long}", EditAsync).RequirePermission(Permissions.ConfigWrite)
            .WithTags("Changes").WithSummary("Edits an open change: back to draft, its approvals void")
            .Accepts<EditChangeBody>("application/json").Produces<ChangeView>().ProducesValidationProblem().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        Command(routes, "validate", Permissions.ConfigWrite, "Checks the files and computes the dry run", (life, id, command, ct) => life.ValidateAsync(id, command, ct));
        Command(routes, "approve", Permissions.ChangesApprove, "Approves exactly this content; not one's own", (life, id, command, ct) => life.ApproveAsync(id, command, ct));
        Command(routes, "reject", Permissions.ChangesApprove, "Ends it before it starts; needs a reason", (life, id, command, ct) => life.RejectAsync(id, command, ct));
        Command(routes, "start", Permissions.ChangesRun, "Lets the rollout begin; while another change moves, it waits in the queue and starts by itself", (life, id, command, ct) => life.StartAsync(id, command, ct));
        Command(routes, "unqueue", Permissions.ChangesRun, "Takes it out of the queue; it stays approved", (life, id, command, ct) => life.UnqueueAsync(id, command, ct));
        Command(routes, "abort", Permissions.ChangesRun, "Stops a rollout and takes back what it altered", (life, id, command, ct) => life.AbortAsync(id, command, ct));
        Command(routes, "rollback", Permissions.ChangesRun, "Takes an applied change back", (life, id, command, ct) => life.RollbackAsync(id, command, ct));
    }

    static void Command(IEndpointRouteBuilder routes, string verb, string permission, string summary,
        Func<ChangeLife, long, ChangeCommand, CancellationToken, Task<ChangeResult>> run) =>
        routes.MapPost($"/api/v1/changes/{{id:long}}/{verb}", async (long id, HttpContext http, ChangeLife life, ChangeStore store, CancellationToken ct) =>
            {
                var (body, fault) = await JsonBody.ReadAsync<CommandBody>(http.Request, ct);
                if (fault is not null) return FaultResults.Problem([fault]);
                if (await store.FindAsync(id, ct) is { } change && !http.User.MaySee(change)) return Answer(http, ChangeResult.Refused(ChangeRefusal.NotFound(id)));
                if (!Version(http, body!.Version, out var version)) return FaultResults.Problem([new("If-Match", http.Request.Headers.IfMatch.ToString(), "the ETag of the change, such as \"3\"")]);
                return Answer(http, await run(life, id, new(http.User.Actor(http.ClientAddress()), NullIfEmpty(body.Reason), version), ct));
            }).RequirePermission(permission)
            .WithTags("Changes").WithSummary(summary).Accepts<CommandBody>("application/json")
            .Produces<ChangeView>().ProducesValidationProblem().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);

    static async Task<IResult> ListAsync(HttpContext http, ChangeStore store, CancellationToken ct)
    {
        var faults = new List<Fault>();
        PageRequest.TryParse(http.Request.Query, faults, out var page);
        var state = QueryFields.Choice<ChangeState>(http.Request.Query, "state", faults);
        var kind = QueryFields.Choice<ChangeKind>(http.Request.Query, "kind", faults);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        var filter = new ChangeFilter(state is { } s ? [s] : null, NullIfEmpty(http.Request.Query["author"]), kind);
        if (http.User.AllowedTenants() is null)
        {
            var found = await store.PageAsync(filter, page, ct);
            return Results.Ok(new Page<ChangeView>([.. found.Items.Select(ChangeView.Of)], found.Total, page.Offset, page.Limit));
        }
        var newest = await store.PageAsync(filter, new(0, PageRequest.MaxLimit), ct);
        return Results.Ok(page.Of([.. newest.Items.Where(c => http.User.MaySee(c)).Select(ChangeView.Of)]));
    }

    static async Task<IResult> OneAsync(long id, HttpContext http, ChangeReading reading, CancellationToken ct)
    {
        if (await reading.OfAsync(id, ct) is not { } seen || !http.User.MaySee(seen.Change)) return Answer(http, ChangeResult.Refused(ChangeRefusal.NotFound(id)));
        Tag(http, seen.Change);
        return Results.Ok(new ChangeDetails(ChangeView.Of(seen.Change), seen.Needed, [.. seen.Events.Select(EventView.Of)], seen.DryRun, seen.Files, seen.Queue));
    }

    static async Task<IResult> CreateAsync(HttpContext http, ChangeLife life, CancellationToken ct)
    {
        if (http.User.AllowedTenants() is not null) return Limited();
        var (body, fault) = await JsonBody.ReadAsync<NewChangeBody>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        var faults = new List<Fault>();
        var edits = Edits(body!.Edits, faults);
        var rollout = body.Rollout?.Read(RolloutOptions.Default, faults) ?? RolloutOptions.Default;
        if (faults.Count > 0) return FaultResults.Problem(faults);
        var wanted = new NewChange(body.Kind ?? ChangeKind.Config, body.Title ?? "", body.Reason ?? "")
        {
            Edits = edits, BaseCommit = NullIfEmpty(body.BaseCommit), Targets = body.Targets?.Read() ?? ChangeTargets.All, Rollout = rollout,
            Emergency = body.Emergency ?? false, Origin = "api", RequestKey = NullIfEmpty(http.Request.Headers["Idempotency-Key"]),
        };
        var actor = http.User.Actor(http.ClientAddress());
        var result = body.Profile is null ? await life.CreateAsync(actor, wanted, ct)
            : edits.Count > 0 ? ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("profile", body.Profile.To ?? "", "a profile or edits, not both")))
            : await life.SwitchProfileAsync(actor, new(body.Profile.To ?? "", wanted.Targets), wanted, ct);
        if (result is not { Refusal: null, Change: { } change }) return Answer(http, result);
        Tag(http, change);
        return Results.Created($"/api/v1/changes/{change.Id}", ChangeView.Of(change));
    }

    static async Task<IResult> EditAsync(long id, HttpContext http, ChangeLife life, ChangeStore store, CancellationToken ct)
    {
        if (http.User.AllowedTenants() is not null) return Limited();
        var (body, fault) = await JsonBody.ReadAsync<EditChangeBody>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        if (await store.FindAsync(id, ct) is not { } change) return Answer(http, ChangeResult.Refused(ChangeRefusal.NotFound(id)));
        var faults = new List<Fault>();
        var edits = body!.Edits is null ? null : Edits(body.Edits, faults);
        var rollout = body.Rollout?.Read(change.Content.Rollout, faults);
        if (!Version(http, body.Version, out var version)) faults.Add(new("If-Match", http.Request.Headers.IfMatch.ToString(), "the ETag of the change, such as \"3\""));
        if (faults.Count > 0) return FaultResults.Problem(faults);
        return Answer(http, await life.EditAsync(id, new(http.User.Actor(http.ClientAddress()), NullIfEmpty(body.Reason), version), edits, NullIfEmpty(body.Title), body.Targets?.Read(), rollout, ct));
    }

    static Dictionary<string, string?> Edits(IEnumerable<EditBody?>? edits, List<Fault> faults)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var edit in edits ?? [])
        {
            if (edit?.File is not { Length: > 0 } file) faults.Add(new("edits.file", "", "the path of a file such as rings.yaml"));
            else if (!texts.TryAdd(file, edit.Content)) faults.Add(new("edits.file", file, "each file once"));
        }
        return texts;
    }

    static IResult Limited() =>
        Results.Problem(statusCode: 403, title: "Your account is limited to tenants.", detail: "The files are the whole fleet's: writing a change needs an account for all tenants.");

    static IResult Answer(HttpContext http, ChangeResult result)
    {
        if (result is { Refusal: null, Change: { } change })
        {
            Tag(http, change);
            return Results.Ok(ChangeView.Of(change));
        }
        var refusal = result.Refusal!;
        return refusal.Kind switch
        {
            RefusalKind.Invalid => Results.ValidationProblem(refusal.Faults.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Message).ToArray()), detail: refusal.Detail, title: refusal.Title),
            RefusalKind.NotFound => Results.Problem(statusCode: 404, title: refusal.Title, detail: refusal.Detail),
            RefusalKind.Forbidden => Results.Problem(statusCode: 403, title: refusal.Title, detail: refusal.Detail),
            _ => Results.Problem(statusCode: 409, title: refusal.Title, detail: refusal.Detail,
                extensions: result.Change is { } now ? new Dictionary<string, object?> { ["state"] = now.State, ["version"] = now.Version } : null),
        };
    }

    static void Tag(HttpContext http, Change change) => http.Response.Headers.ETag = $"\"{change.Version.ToString(CultureInfo.InvariantCulture)}\"";

    static bool Version(HttpContext http, int? named, out int? version)
    {
        version = named;
        var tag = http.Request.Headers.IfMatch.ToString();
        if (tag is "" or "*") return true;
        if (!int.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seen)) return false;
        version = seen;
        return true;
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

internal static class ChangeAccess
{
    /// <summary>Who is limited to tenants sees what is known to touch theirs alone.</summary>
    public static bool MaySee(this ClaimsPrincipal user, Change change) =>
        user.AllowedTenants() is not { } tenants || (change.Blast is { Tenants.Count: > 0 } blast && blast.Tenants.All(tenants.Contains));
}
