using System.Text.RegularExpressions;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Api;

namespace NrdotConsole.App.Features.GitOps.Remote;

/// <summary>
/// Settings under <c>Config:Remote</c>. Secrets are <c>${env:NAME}</c> or <c>${file:/path}</c>, read at each use so that a rotation needs no
/// restart, or the value itself where the setting comes from the environment.
/// </summary>
/// <param name="Url">https, http or file; null for no remote.</param>
/// <param name="Every">Between two looks at the remote, beside webhooks.</param>
/// <param name="Push">Whether what was applied here is pushed.</param>
internal sealed partial record RemoteSettings(string? Url, string Branch, TimeSpan Every, string? User, string? Password, bool Push, string? GitHubSecret, string? GitLabToken)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromDays(1);

    public bool IsOn => Url is not null;

    /// <summary>The address without what may be secret in it.</summary>
    public string? ShownUrl => Url is null ? null : Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? Url.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal) : Url;

    public static RemoteSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Config:Remote");
        var faults = new List<string>();
        var url = NullIfEmpty(section["Url"]);
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "file"))
            faults.Add($"Config:Remote:Url '{url}' is no https, http or file address.");
        var branch = section["Branch"] ?? "main";
        if (!BranchName().IsMatch(branch) || branch.Contains("..", StringComparison.Ordinal)) faults.Add($"Config:Remote:Branch '{branch}' is no name of a branch.");
        var every = TimeSpan.FromMinutes(1);
        if (section["Every"] is { } text && (!Duration.TryParse(text, out every) || every < Shortest || every > Longest))
            faults.Add($"Config:Remote:Every '{text}' is not a duration from 5s to 1d.");
        if (section["Push"] is { } push && !bool.TryParse(push, out _)) faults.Add($"Config:Remote:Push '{push}' is not true or false.");
        if (faults.Count > 0) throw new StartException("Settings", string.Join(" ", faults), "Mend them in appsettings.json or the environment.");
        return new(url, branch, every, NullIfEmpty(section["User"]), NullIfEmpty(section["Password"]), section.GetValue("Push", true), NullIfEmpty(section["GitHubSecret"]), NullIfEmpty(section["GitLabToken"]));
    }

    /// <exception cref="IOException">The file that a reference names cannot be read.</exception>
    public static string? Resolve(string? secret) => secret switch
    {
        null => null,
        _ when Reference().Match(secret) is { Success: true } match => match.Groups[1].Value == "env"
            ? Environment.GetEnvironmentVariable(match.Groups[2].Value)
            : File.ReadAllText(match.Groups[2].Value).Trim(),
        _ => secret,
    };

    static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"^\$\{(env|file):([^}]+)\}$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")]
    private static partial Regex BranchName();
}
