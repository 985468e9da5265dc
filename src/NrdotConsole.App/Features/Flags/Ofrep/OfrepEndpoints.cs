using System.IO.Hashing;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.App.Features.Flags.Ofrep;

/// <summary>
/// The OpenFeature Remote Evaluation Protocol 0.3, so that any OpenFeature client asks this console. Source of statuses and fields:
/// service/openapi.yaml of open-feature/protocol.
/// </summary>
internal static partial class OfrepEndpoints
{
    public const string RateLimit = "ofrep";

    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static void MapOfrep(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ofrep/v1/evaluate/flags/{key}", One)
            .RequirePermission(Permissions.FlagsEvaluate).RequireRateLimiting(RateLimit).DisableAntiforgery();
        routes.MapPost("/ofrep/v1/evaluate/flags", All)
            .RequirePermission(Permissions.FlagsEvaluate).RequireRateLimiting(RateLimit).DisableAntiforgery();
    }

    static async Task<IResult> One(string key, HttpContext http, LiveFlags flags, FlagUseLog log, TimeProvider time)
    {
        var (context, fault) = await OfrepContext.ReadAsync(http.Request);
        if (context is null) return Results.Json(new { key, fault!.ErrorCode, fault.ErrorDetails }, s_json, statusCode: StatusCodes.Status400BadRequest);
        if (Refused(http, context) is { } refused) return refused;
        var (host, ring) = flags.Identify(context.TargetingKey, context.Tenant, context.Ring);
        if (flags.Evaluate(key, host, ring) is not { } verdict)
            return Results.Json(new { key, ErrorCode = "FLAG_NOT_FOUND", ErrorDetails = $"There is no flag '{key}'." }, s_json, statusCode: StatusCodes.Status404NotFound);
        log.Add(Answer(verdict, context, host.Tenant, http, time));
        return Results.Json(Evaluation(verdict), s_json);
    }

    static async Task<IResult> All(HttpContext http, LiveFlags flags, FlagUseLog log, TimeProvider time)
    {
        var (context, fault) = await OfrepContext.ReadAsync(http.Request);
        if (context is null) return Results.Json(new { fault!.ErrorCode, fault.ErrorDetails }, s_json, statusCode: StatusCodes.Status400BadRequest);
        if (Refused(http, context) is { } refused) return refused;
        var (host, ring) = flags.Identify(context.TargetingKey, context.Tenant, context.Ring);
        var verdicts = flags.For(host, ring).Flags.Select(f => flags.Evaluate(f.Key, host, ring)!).ToList();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { Flags = verdicts.Select(Evaluation) }, s_json);
        var tag = $"\"{XxHash3.HashToUInt64(body):x16}\"";
        http.Response.Headers.ETag = tag;
        if (Matches(http.Request, tag)) return Results.StatusCode(StatusCodes.Status304NotModified);
        foreach (var verdict in verdicts) log.Add(Answer(verdict, context, host.Tenant, http, time));
        return Results.Bytes(body, "application/json; charset=utf-8");
    }

    /// <summary>A caller that is kept to tenants asks about those alone.</summary>
    static IResult? Refused(HttpContext http, OfrepContext context) => http.User.AllowedTenants() is { } tenants && (context.Tenant is null || !tenants.Contains(context.Tenant))
        ? Results.Json(new OfrepFault("INVALID_CONTEXT", $"This token is for the tenants {string.Join(", ", tenants.Order(StringComparer.Ordinal))}: name one of them as context.tenant."), s_json, statusCode: StatusCodes.Status403Forbidden)
        : null;

    static bool Matches(HttpRequest request, string tag) =>
        request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(k => k.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false) || k.Equals(EntityTagHeaderValue.Any));

    static object Evaluation(FlagVerdict verdict) => new
    {
        verdict.Key,
        verdict.Value,
        Reason = Words().Replace(verdict.Reason.ToString(), "_$0").ToUpperInvariant(),
        verdict.Variant,
        Metadata = new { verdict.Why },
    };

    static FlagAnswer Answer(FlagVerdict verdict, OfrepContext context, string tenant, HttpContext http, TimeProvider time) =>
        new(verdict.Key, time.GetUtcNow(), context.TargetingKey, tenant, http.User.Identity?.Name ?? "", verdict.Value, verdict.Reason.ToString(), verdict.Why);

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Words();
}
