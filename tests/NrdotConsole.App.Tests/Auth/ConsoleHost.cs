using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Tests.Data;

namespace NrdotConsole.App.Tests.Auth;

/// <summary>The whole console in memory, on a data directory of its own, in simulated time.</summary>
internal sealed partial class ConsoleHost(params (string Key, string Value)[] settings) : WebApplicationFactory<Program>
{
    public const string AdminPassword = "three unrelated words", Token = "nrc_test-token-0123456789abcdef";

    static readonly (string, string)[] Unattended = [("Auth:BootstrapAdminPassword", AdminPassword), ("Auth:BootstrapApiToken", Token)];

    public TempDirectory Directory { get; } = new();
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A first start that gave the admin a password and a token by settings.</summary>
    public static ConsoleHost WithAdmin(params (string Key, string Value)[] settings) => new([.. Unattended, .. settings]);

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A browser: keeps cookies, follows nothing.</summary>
    public HttpClient Browser() => CreateClient(new() { AllowAutoRedirect = false });

    public HttpClient Program(string token = Token)
    {
        var client = CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Console:DataDirectory", Directory.Data.Path);
        builder.UseSetting("Auth:SignInsPerMinute", "1000");
        foreach (var port in (string[])["Console:HttpPort", "Otlp:HttpPort", "Otlp:GrpcPort", "OpAmp:Port"]) builder.UseSetting(port, "0");
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
        builder.ConfigureLogging(x => x.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            services.RemoveAll<TimeProvider>();
            services.AddSingleton<TimeProvider>(Time);
            services.Configure<PasswordHasherOptions>(x => x.IterationCount = 1_000);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && System.IO.Directory.Exists(Directory.Data.Path)) Directory.Dispose();
    }

    /// <summary>Fills the form at this address in, as a browser does, antiforgery token included.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string path, params (string Name, string Value)[] fields)
    {
        var page = await browser.GetStringAsync(path);
        var token = Antiforgery().Match(page).Groups[1].Value;
        var values = fields.Append(("__RequestVerificationToken", token)).Select(x => KeyValuePair.Create(x.Item1, WebUtility.HtmlDecode(x.Item2)));
        return await browser.PostAsync(path.Split('?')[0], new FormUrlEncodedContent(values));
    }

    public static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password, string returnUrl = "/") =>
        SubmitAsync(browser, "/sign-in", ("name", name), ("password", password), ("returnUrl", returnUrl));

    /// <summary>A browser that is signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string name = "admin", string password = AdminPassword)
    {
        var browser = Browser();
        var answer = await SignInAsync(browser, name, password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
