using Microsoft.Net.Http.Headers;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Schemas;

namespace NrdotConsole.App.Features.GitOps;

/// <summary>
/// Files of the config repository over HTTP. A file's ETag is its blob's id: the same text has the same tag. PUT opens a Change, it
/// never alters main by itself.
/// </summary>
internal static class ConfigEndpoints
{
    const string Tag = "Config", FileRoute = "/api/v1/config/{**file}";

    public static void MapConfigApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/config", List).RequirePermission(Permissions.ConfigRead)
            .WithTags(Tag).WithSummary("The files on main, what each is for, and how many faults it has").Produces<ConfigListing>();
        routes.MapGet(FileRoute, Get).RequirePermission(Permissions.ConfigRead)
            .WithTags(Tag).WithSummary("A file with its faults; ETag is the text's id, If-None-Match answers 304; Accept: text/plain or application/yaml for the text alone; ?at= a commit")
            .Produces<ConfigFileBody>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut(FileRoute, PutAsync).RequirePermission(Permissions.ConfigWrite)
            .WithTags(Tag).WithSummary("Opens a Change with this text as the file: the body is the text, If-Match the ETag that was read (If-None-Match: * for a new file); ?title= ?reason=; Idempotency-Key repeats safely")
            .Accepts<string>("application/yaml", "text/plain").Produces<OpenedChange>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status428PreconditionRequired).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        routes.MapDelete(FileRoute, PutAsync).RequirePermission(Permissions.ConfigWrite)
            .WithTags(Tag).WithSummary("Opens a Change without this file; If-Match as for PUT").Produces<OpenedChange>(StatusCodes.Status201Created);
        routes.MapGet("/api/v1/config/history", History).RequirePermission(Permissions.ConfigRead)
            .WithTags(Tag).WithSummary("Commits of main, newest first; ?file= only those that changed it; ?offset= and ?limit= page").Produces<IReadOnlyList<ConfigCommit>>();
        routes.MapGet("/api/v1/config/diff", Diff).RequirePermission(Permissions.ConfigRead)
            .WithTags(Tag).WithSummary("What differs between two commits, ?from= and ?to= (main where absent): fields, and lines").Produces<IReadOnlyList<EditedFile>>();
        routes.MapPost("/api/v1/config/revert", RevertAsync).RequirePermission(Permissions.ConfigWrite)
            .WithTags(Tag).WithSummary("Opens a Change that takes a commit of main back; what came later stays").Produces<OpenedChange>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        routes.MapPost("/api/v1/config/validate", Validate).RequirePermission(Permissions.ConfigRead)
            .WithTags(Tag).WithSummary("Faults of files that are not committed: {\"files\": {\"rings.yaml\": \"…\"}}, with main's in place of those that are not sent").Produces<ValidationAnswer>();
    }

    static ConfigListing List(ConfigRepository repository, DesiredStates states)
    {
        var head = repository.Head;
        var report = states.ReportAt(head);
        return new(head, [.. repository.Files(head).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new ConfigFileState(f.Key, f.Value, ConfigSchema.Describe(f.Key) ?? "",
            report.Faults.Count(x => x.File == f.Key && x.Severity == FaultSeverity.Error), report.Faults.Count(x => x.File == f.Key && x.Severity == FaultSeverity.Warning)))]);
    }

    static IResult Get(HttpContext http, string file, string? at, ConfigRepository repository, DesiredStates states)
    {
        if (Commit(repository, at ?? ConfigRepository.Main) is not { } commit) return NoCommit(at!);
        if (repository.File(commit, file) is not { } found) return NoFile(file);
        http.Response.Headers.ETag = ETagOf(found.Id);
        http.Response.Headers.Vary = "Accept";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Tag == "*" || t.Tag == ETagOf(found.Id))) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (http.Request.GetTypedHeaders().Accept is [{ MediaType.Value: "application/yaml" or "text/yaml" or "text/plain" } wanted, ..]) return Results.Text(found.Text, $"{wanted.MediaType}; charset=utf-8");
        return Results.Ok(new ConfigFileBody(file, found.Id, commit, found.Text, [.. states.ReportAt(commit).Faults.Where(f => f.File == file)]));
    }

    static async Task<IResult> PutAsync(HttpContext http, string file, string? title, string? reason, ConfigRepository repository, ConfigEdits edits, CancellationToken ct)
    {
        if (!ConfigEdits.IsPlainPath(file)) return FaultResults.Problem([new("file", file.Length > 60 ? file[..60] + "…" : file, "a path such as rings.yaml or runbooks/disk-full.md: letters, digits, '.', '_' and '-'")]);
        var head = repository.Head;
        var current = repository.Files(head).GetValueOrDefault(file);
        if (Precondition(http, file, current, repository) is { } refused) return refused;
        string? text = null;
        if (!HttpMethods.IsDelete(http.Request.Method))
        {
            if (await ReadAsync(http, ct) is not { } bytes) return Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge, title: "The file is too large.", detail: $"At most {ConfigLimits.MaxFileBytes / 1024} KiB.");
            if (ConfigTree.Decode(bytes) is not { } decoded) return Results.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The file is not text.", detail: "Send it as UTF-8.");
            text = decoded;
        }
        var edit = new ConfigEdit(file, text, head, title is { Length: > 0 } ? title : $"{(text is null ? "Delete" : current is null ? "Add" : "Edit")} {file}", reason ?? "")
        {
            Origin = "api", RequestKey = http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? $"{http.User.RequiredUserId()}:{key}" : null,
        };
        return Answer(http, await edits.OpenAsync(http.User.Actor(http.ClientAddress()), edit, ct));
    }

    static IResult History(HttpContext http, string? file, ConfigRepository repository)
    {
        var faults = new List<Fault>();
        return PageRequest.TryParse(http.Request.Query, faults, out var page) ? Results.Ok(repository.History(ConfigRepository.Main, file, page.Offset, page.Limit)) : FaultResults.Problem(faults);
    }

    static IResult Diff(string? from, string? to, ConfigRepository repository)
    {
        if (Commit(repository, to ?? ConfigRepository.Main) is not { } after) return NoCommit(to!);
        if (from is null) return FaultResults.Problem([new("from", "", "a commit")]);
        return Commit(repository, from) is { } before ? Results.Ok(repository.Changes(before, after).Select(EditedFile.Of)) : NoCommit(from);
    }

    static async Task<IResult> RevertAsync(HttpContext http, RevertRequest body, ConfigRepository repository, ConfigEdits edits, CancellationToken ct)
    {
        if (Commit(repository, body.Commit ?? "") is not { } commit || !repository.IsAncestor(commit, repository.Head)) return FaultResults.Problem([new("commit", body.Commit ?? "", "a commit of main: /api/v1/config/history lists them")]);
        return Answer(http, await edits.RevertAsync(http.User.Actor(http.ClientAddress()), commit, body.Reason ?? "", "api", ct));
    }

    static IResult Validate(ValidationRequest body, ConfigRepository repository)
    {
        if (body.Files is not { Count: > 0 and <= ConfigLimits.MaxFiles }) return FaultResults.Problem([new("files", "", $"1 to {ConfigLimits.MaxFiles} files")]);
        var files = repository.Tree(ConfigRepository.Main).Files.ToDictionary(StringComparer.Ordinal);
        foreach (var (path, text) in body.Files) files[path] = text;
        var report = ConfigValidation.Validate(files);
        return Results.Ok(new ValidationAnswer(report.IsValid, report.Faults));
    }

    /// <summary>428 without a condition, 412 where it does not hold: who edits says which text was read.</summary>
    static IResult? Precondition(HttpContext http, string file, string? current, ConfigRepository repository)
    {
        var headers = http.Request.GetTypedHeaders();
        if (headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
            return Results.Problem(statusCode: StatusCodes.Status428PreconditionRequired, title: "Say which text was read.", detail: current is null ? "There is no such file: If-None-Match: * makes it." : $"If-Match: {ETagOf(current)} is the present one.");
        var holds = headers.IfMatch.Count > 0
            ? current is not null && headers.IfMatch.Any(t => Matches(t, current))
            : current is null && headers.IfNoneMatch.Any(t => t.Tag == "*");
        if (holds) return null;
        if (current is not null) http.Response.Headers.ETag = ETagOf(current);
        var last = repository.History(ConfigRepository.Main, file, 0, 1) is [var newest, ..] ? newest : null;
        return Results.Problem(statusCode: StatusCodes.Status412PreconditionFailed, title: "The file is not what was read.",
            detail: current is null ? "There is no such file." : $"{last?.Author.Name} changed it: {last?.Subject}. Read it again, and edit that.");
    }

    static bool Matches(EntityTagHeaderValue tag, string id) => tag.Tag == "*" || (!tag.IsWeak && tag.Tag == ETagOf(id));

    static async Task<byte[]?> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Request.ContentLength > ConfigLimits.MaxFileBytes) return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > ConfigLimits.MaxFileBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    static IResult Answer(HttpContext http, EditOutcome outcome)
    {
        if (outcome.Faults.Count > 0)
            return Results.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The files do not validate.", detail: string.Join("\n", outcome.Faults.Take(20)),
                extensions: new Dictionary<string, object?> { ["faults"] = outcome.Faults });
        if (outcome.Refusal is { } refusal)
            return refusal.Faults.Count > 0 ? FaultResults.Problem(refusal.Faults) : Results.Problem(statusCode: StatusCodes.Status409Conflict, title: refusal.Title, detail: refusal.Detail);
        var change = outcome.Change!;
        return Results.Created($"/api/v1/changes/{change.Id}", new OpenedChange(change.Id, Core.Changes.ChangeStates.Name(change.State), change.Title, change.Content.Commit));
    }

    static string? Commit(ConfigRepository repository, string name) => name.Length is > 0 and < 200 ? repository.Find(name) : null;

    static IResult NoCommit(string name) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such commit.", detail: $"The config repository has no commit or branch '{name}'.");

    static IResult NoFile(string file) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such file.", detail: $"There is no {file} on main; /api/v1/config lists the files.");

    static string ETagOf(string id) => $"\"{id}\"";
}

internal sealed record ConfigFileState(string Path, string Id, string What, int Errors, int Warnings);

internal sealed record ConfigListing(string Commit, IReadOnlyList<ConfigFileState> Files);

internal sealed record ConfigFileBody(string Path, string Id, string Commit, string Text, IReadOnlyList<ConfigFault> Faults);

internal sealed record OpenedChange(long Change, string State, string Title, string Commit);

internal sealed record RevertRequest(string? Commit, string? Reason);

internal sealed record ValidationRequest(IReadOnlyDictionary<string, string>? Files);

internal sealed record ValidationAnswer(bool Valid, IReadOnlyList<ConfigFault> Faults);
