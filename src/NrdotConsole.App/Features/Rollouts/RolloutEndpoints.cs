using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>Why, of a command.</summary>
internal sealed record RolloutReason(string? Reason);

/// <summary>One agent of a rollout.</summary>
internal sealed record RolloutAgentView(
    string Uid, string Tenant, string HostKey, string HostName, int Ring, AgentState State, bool WasAbsent, string TargetHash, string PreviousHash, string? Error,
    IReadOnlyList<RolloutAttempt> Attempts)
{
    public static RolloutAgentView Of(AgentProgress agent) => new(
        agent.Target.Uid, agent.Target.Tenant, agent.Target.HostKey, agent.Target.HostName, agent.Target.Ring, agent.State, agent.WasAbsent, agent.Target.TargetHash, agent.Target.PreviousHash,
        agent.Error, agent.Attempts);
}

internal static class RolloutEndpoints
{
    public static void MapRolloutApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Rollouts");
        group.MapGet("/rollouts", ListAsync).RequirePermission(Permissions.ConfigRead)
            .WithSummary("Rollouts, newest first, with their rings and times; ?offset= and ?limit= page").Produces<Page<RolloutSummary>>().ProducesValidationProblem();
        group.MapGet("/rollouts/{id:long}", FindAsync).RequirePermission(Permissions.ConfigRead)
            .WithSummary("A rollout by its change's number: rings, agents by state, the last look at each gate").Produces<RolloutSummary>().ProducesProblem(404);
        group.MapGet("/rollouts/{id:long}/agents", AgentsAsync).RequirePermission(Permissions.ConfigRead)
            .WithSummary("Its agents with their attempts; ?state= and ?ring= narrow, ?offset= and ?limit= page").Produces<Page<RolloutAgentView>>().ProducesValidationProblem().ProducesProblem(404);
        group.MapGet("/rollouts/{id:long}/gates", GatesAsync).RequirePermission(Permissions.ConfigRead)
            .WithSummary("Every look at its gates with all measurements, oldest first").Produces<IReadOnlyList<GateJudgement>>().ProducesProblem(404);
        group.MapPost("/rollouts/{id:long}/pause", (long id, RolloutReason body, HttpContext http, RolloutEngine engine, CancellationToken ct) => CommandAsync(id, RolloutCommandKind.Pause, body, http, engine, ct))
            .RequirePermission(Permissions.ChangesRun).WithSummary("Holds a rollout where it is, with a reason").Produces(204).ProducesValidationProblem();
        group.MapPost("/rollouts/{id:long}/resume", (long id, RolloutReason body, HttpContext http, RolloutEngine engine, CancellationToken ct) => CommandAsync(id, RolloutCommandKind.Resume, body, http, engine, ct))
            .RequirePermission(Permissions.ChangesRun).WithSummary("Lets a paused rollout go on, with a reason").Produces(204).ProducesValidationProblem();
        group.MapGet("/poison", PoisonAsync).RequirePermission(Permissions.ConfigRead)
            .WithSummary("Configurations that failed, newest first; ?offset= and ?limit= page").Produces<Page<PoisonedConfig>>().ProducesValidationProblem();
        group.MapPost("/poison/{hash}/release", ReleaseAsync).RequirePermission(Permissions.ChangesRun)
            .WithSummary("Lets a configuration be offered again, with a reason").Produces(204).ProducesValidationProblem();
    }

    static async Task<IResult> ListAsync(HttpContext http, RolloutReader reader, CancellationToken ct)
    {
        var faults = new List<Fault>();
        return PageRequest.TryParse(http.Request.Query, faults, out var page) ? Results.Ok(await reader.PageAsync(page, ct)) : FaultResults.Problem(faults);
    }

    static async Task<IResult> FindAsync(long id, RolloutReader reader, CancellationToken ct) =>
        await reader.SummaryAsync(id, ct) is { } summary ? Results.Ok(summary) : NotFound(id);

    static async Task<IResult> AgentsAsync(long id, HttpContext http, RolloutReader reader, CancellationToken ct)
    {
        var (query, faults) = (http.Request.Query, new List<Fault>());
        PageRequest.TryParse(query, faults, out var page);
        var state = QueryFields.Choice<AgentState>(query, "state", faults);
        int? ring = null;
        if (query["ring"].ToString() is { Length: > 0 } text)
        {
            if (int.TryParse(text, out var number)) ring = number;
            else faults.Add(new("ring", text, "a ring's number"));
        }
        if (faults.Count > 0) return FaultResults.Problem(faults);
        if (await reader.FindAsync(id, ct) is not { } rollout) return NotFound(id);
        var allowed = http.User.AllowedTenants();
        return Results.Ok(page.Of<RolloutAgentView>([
            .. rollout.State.Agents.Values.Where(a => (state is null || a.State == state) && (ring is null || a.Target.Ring == ring) && allowed?.Contains(a.Target.Tenant) != false)
                .OrderBy(a => rollout.Plan.WaveOf(a.Target.Ring)).ThenBy(a => a.Target.HostName, StringComparer.Ordinal).Select(RolloutAgentView.Of)]));
    }

    static async Task<IResult> GatesAsync(long id, RolloutStore store, CancellationToken ct) =>
        await store.GatesAsync(id, lastOnly: false, ct) is { Count: > 0 } gates ? Results.Ok(gates) : await store.FindAsync(id, ct) is null ? NotFound(id) : Results.Ok(Array.Empty<GateJudgement>());

    static async Task<IResult> CommandAsync(long id, RolloutCommandKind kind, RolloutReason body, HttpContext http, RolloutEngine engine, CancellationToken ct) =>
        await engine.CommandAsync(id, kind, http.User.Actor(http.ClientAddress()), body.Reason, ct) is { } fault ? FaultResults.Problem([fault]) : Results.NoContent();

    static async Task<IResult> PoisonAsync(HttpContext http, PoisonList poison, CancellationToken ct)
    {
        var faults = new List<Fault>();
        return PageRequest.TryParse(http.Request.Query, faults, out var page) ? Results.Ok(await poison.PageAsync(page, ct)) : FaultResults.Problem(faults);
    }

    static async Task<IResult> ReleaseAsync(string hash, RolloutReason body, HttpContext http, PoisonList poison, CancellationToken ct) =>
        await poison.ReleaseAsync(http.User.Actor(http.ClientAddress()), hash, body.Reason, ct) is { } fault ? FaultResults.Problem([fault]) : Results.NoContent();

    static IResult NotFound(long id) => Results.Problem(statusCode: 404, title: "No such rollout.", detail: $"Change {id} has not been rolled out; /api/v1/rollouts lists those that have.");
}
