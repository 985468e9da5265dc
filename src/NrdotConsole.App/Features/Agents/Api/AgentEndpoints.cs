using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Agents;

internal static class AgentEndpoints
{
    const int MaxReason = 500;

    public static void MapAgentApi(this IEndpointRouteBuilder routes)
    {
        const string path = "/api/v1/agents";
        routes.MapGet(path, List).RequirePermission(Permissions.ConfigRead).WithTags("Agents")
            .WithSummary("Agents, by host name; ?tenant= ?host= (a key) ?state= ?connected= ?healthy= ?drift= and ?q= narrow, ?offset= and ?limit= page")
            .Produces<Page<AgentView>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        routes.MapGet(path + "/{id}", One).RequirePermission(Permissions.ConfigRead).WithTags("Agents")
            .WithSummary("One agent by its instance_uid: what it is, its health in parts, its components")
            .Produces<AgentDetailsView>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet(path + "/{id}/config", Config).RequirePermission(Permissions.ConfigRead).WithTags("Agents")
            .WithSummary("What it should run by main, what is assigned, what it says it runs, and where the last two differ in meaning")
            .Produces<AgentConfigsView>().ProducesProblem(StatusCodes.Status404NotFound);
        Command(routes.MapPost(path + "/{id}/config/revert", (HttpContext http, string id, AgentCommandBody? body, AgentCommands commands, AgentDirectory directory) =>
            OrderAsync(http, directory, id, body, commands.RevertAsync)), Permissions.ChangesRun, "Assigns what main desires, and offers it again to an agent that came to run something else");
        Command(routes.MapPost(path + "/{id}/restart", (HttpContext http, string id, AgentCommandBody? body, AgentCommands commands, AgentDirectory directory) =>
            OrderAsync(http, directory, id, body, commands.RestartAsync)), Permissions.ChangesRun, "Orders the agent to restart");
        Command(routes.MapDelete(path + "/{id}", (HttpContext http, string id, string? reason, AgentCommands commands, AgentDirectory directory) =>
            OrderAsync(http, directory, id, new(reason), commands.RemoveAsync)), Permissions.AgentsManage, "Removes an agent: its secret ends, and it must enrol anew. ?reason=");
    }

    static void Command(RouteHandlerBuilder route, string permission, string summary) => route.RequirePermission(permission).WithTags("Agents").WithSummary(summary)
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesValidationProblem();

    static IResult List(HttpContext http, AgentDirectory directory, TimeProvider time)
    {
        var (query, faults, now) = (http.Request.Query, new List<Fault>(), time.GetUtcNow());
        PageRequest.TryParse(query, faults, out var page);
        var state = QueryFields.Choice<AgentConfigState>(query, "state", faults);
        var connected = YesNo(query, "connected", faults);
        var healthy = YesNo(query, "healthy", faults);
        var drift = YesNo(query, "drift", faults);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        var (tenant, host, text) = (query["tenant"].ToString(), query["host"].ToString(), query["q"].ToString());
        if (tenant.Length > 0 && !http.User.MaySee(tenant)) return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.");
        var fit = directory.All.Where(a => http.User.MaySee(a.Tenant)
            && (tenant.Length == 0 || a.Tenant == tenant) && (host.Length == 0 || a.HostKey == host)
            && (state is null || AgentConfigStates.Of(a, now) == state) && (connected is null || a.Connected == connected)
            && (healthy is null || a.Healthy == healthy) && (drift is null || a.DriftSince is not null == drift)
            && (text.Length == 0 || AgentFilter.Matches(a, text)));
        var ordered = fit.OrderBy(a => a.HostName, StringComparer.Ordinal).ThenBy(a => a.InstanceUid, StringComparer.Ordinal).ToList();
        var chosen = page.Of(ordered);
        return Results.Ok(new Page<AgentView>([.. chosen.Items.Select(a => AgentView.Of(a, now))], chosen.Total, chosen.Offset, chosen.Limit));
    }

    static bool? YesNo(IQueryCollection query, string field, List<Fault> faults)
    {
        var text = query[field].ToString();
        if (text.Length == 0) return null;
        if (bool.TryParse(text, out var value)) return value;
        faults.Add(new(field, text, "true or false"));
        return null;
    }

    static IResult One(HttpContext http, string id, AgentDirectory directory, AgentComponents components, TimeProvider time) =>
        Seen(http, directory, id) is { } entry ? Results.Ok(new AgentDetailsView(AgentView.Of(entry.Current, time.GetUtcNow()), AgentDetails.Of(entry, components))) : NotFound(id);

    static IResult Config(HttpContext http, string id, AgentDirectory directory, AgentConfigs configs) =>
        Seen(http, directory, id) is { } entry ? Results.Ok(configs.Of(entry.Current)) : NotFound(id);

    static async Task<IResult> OrderAsync(
        HttpContext http, AgentDirectory directory, string id, AgentCommandBody? body, Func<Actor, string, string?, CancellationToken, Task<AgentRefusal?>> order)
    {
        if (body?.Reason?.Length > MaxReason) return FaultResults.Problem([new("reason", body.Reason[..40] + "…", $"at most {MaxReason} characters")]);
        if (Seen(http, directory, id) is null) return NotFound(id);
        return await order(http.User.Actor(http.ClientAddress()), id, body?.Reason, http.RequestAborted) is { } refusal ? Refused(refusal) : Results.NoContent();
    }

    internal static IResult Refused(AgentRefusal refusal) => Results.Problem(
        statusCode: refusal.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, title: refusal.Title, detail: refusal.Detail);

    /// <summary>Agents of other tenants are not there for who may not see them.</summary>
    static AgentEntry? Seen(HttpContext http, AgentDirectory directory, string id) => directory.Entry(id) is { } entry && http.User.MaySee(entry.Current.Tenant) ? entry : null;

    static IResult NotFound(string id) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such agent.", detail: $"There is no agent '{id}'; /api/v1/agents lists them.");
}
