using System.Text.Json;

namespace NrdotConsole.App.Features.GitOps.Remote;

/// <summary>
/// Webhooks of GitHub and GitLab. They are open to the network, so all that one can do is to make the console look at its own remote
/// sooner; and only who knows the secret can do that.
/// </summary>
internal static class Webhooks
{
    public const int MaxBodyBytes = 5 * 1024 * 1024;

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/webhooks/git/github", GitHubAsync).AllowAnonymous()
            .WithTags("Config").WithSummary("GitHub's push webhook, signed (X-Hub-Signature-256)").Produces(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status401Unauthorized);
        routes.MapPost("/api/v1/webhooks/git/gitlab", GitLabAsync).AllowAnonymous()
            .WithTags("Config").WithSummary("GitLab's push webhook, with its token (X-Gitlab-Token)").Produces(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    static async Task<IResult> GitHubAsync(HttpContext http, RemoteSettings settings, RemoteSync sync, CancellationToken ct)
    {
        if (RemoteSettings.Resolve(settings.GitHubSecret) is not { Length: > 0 } secret) return NotSet("Config:Remote:GitHubSecret");
        if (await ReadAsync(http, ct) is not { } body) return TooLarge();
        if (!WebhookSignature.IsGitHub(http.Request.Headers["X-Hub-Signature-256"], body, secret)) return Refused("X-Hub-Signature-256");
        return Accept(http.Request.Headers["X-GitHub-Event"].ToString() == "push", body, settings, sync);
    }

    static async Task<IResult> GitLabAsync(HttpContext http, RemoteSettings settings, RemoteSync sync, CancellationToken ct)
    {
        if (RemoteSettings.Resolve(settings.GitLabToken) is not { Length: > 0 } secret) return NotSet("Config:Remote:GitLabToken");
        if (!WebhookSignature.IsGitLab(http.Request.Headers["X-Gitlab-Token"], secret)) return Refused("X-Gitlab-Token");
        if (await ReadAsync(http, ct) is not { } body) return TooLarge();
        return Accept(http.Request.Headers["X-Gitlab-Event"].ToString() == "Push Hook", body, settings, sync);
    }

    static IResult Accept(bool isPush, byte[] body, RemoteSettings settings, RemoteSync sync)
    {
        if (!isPush) return Results.Ok(new { status = "ignored", why = "not a push" });
        if (BranchOf(body) is { } branch && branch != settings.Branch) return Results.Ok(new { status = "ignored", why = $"the branch is not {settings.Branch}" });
        sync.Wake();
        return Results.Accepted(value: new { status = "accepted" });
    }

    /// <summary>Null where the body does not say: then a look is cheaper than a miss.</summary>
    static string? BranchOf(byte[] body)
    {
        const string heads = "refs/heads/";
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = 64 });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("ref", out var name) && name.ValueKind == JsonValueKind.String
                && name.GetString() is { } text && text.StartsWith(heads, StringComparison.Ordinal) ? text[heads.Length..] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static async Task<byte[]?> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Request.ContentLength > MaxBodyBytes) return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > MaxBodyBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    static IResult NotSet(string setting) => Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "This webhook is not set up.", detail: $"The setting {setting} holds its secret.");

    static IResult Refused(string header) => Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "The webhook is not signed by its secret.", detail: $"{header} does not fit.");

    static IResult TooLarge() => Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge, title: "The webhook is too large.", detail: $"At most {MaxBodyBytes / 1_048_576} MiB.");
}
