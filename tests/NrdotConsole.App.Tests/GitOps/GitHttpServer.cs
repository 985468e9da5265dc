using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NrdotConsole.App.Tests.GitOps;

/// <summary>Git's own server over HTTP: <c>git http-backend</c> behind basic authentication, as a forge has it.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    readonly WebApplication _app;

    GitHttpServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <param name="root">Repositories below it are served by their paths.</param>
    public static async Task<GitHttpServer> StartAsync(string root, string user, string password)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        app.Run(async http =>
        {
            if (http.Request.Headers.Authorization != expected)
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
                return;
            }
            await RunAsync(http, root, user);
        });
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>One request of the Common Gateway Interface: facts in the environment, body in, headers and body out.</summary>
    static async Task RunAsync(HttpContext http, string root, string user)
    {
        var start = new ProcessStartInfo("git", ["-c", "http.receivepack=true", "http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (key, value) in new (string, string?)[]
        {
            ("GIT_PROJECT_ROOT", root), ("GIT_HTTP_EXPORT_ALL", "1"), ("PATH_INFO", http.Request.Path), ("QUERY_STRING", http.Request.QueryString.Value?.TrimStart('?')),
            ("REQUEST_METHOD", http.Request.Method), ("CONTENT_TYPE", http.Request.ContentType), ("REMOTE_USER", user), ("HTTP_CONTENT_ENCODING", http.Request.Headers.ContentEncoding),
        })
            start.Environment[key] = value ?? "";
        using var git = Process.Start(start)!;
        await http.Request.Body.CopyToAsync(git.StandardInput.BaseStream);
        git.StandardInput.Close();
        using var answer = new MemoryStream();
        await git.StandardOutput.BaseStream.CopyToAsync(answer);
        var bytes = answer.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var header in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n"))
        {
            var (name, value) = (header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            if (name == "Status") http.Response.StatusCode = int.Parse(value[..3]);
            else http.Response.Headers[name] = value;
        }
        await http.Response.Body.WriteAsync(bytes.AsMemory(end + 4));
    }
}
