using System.Diagnostics;

namespace NrdotConsole.Journeys;

/// <summary>A real OpenID Connect provider as its own process (OpenId/provider.mjs), and a console that trusts it.</summary>
public sealed class OpenIdProvider : IAsyncLifetime
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    Process _process = null!;

    internal ConsoleProcess Console { get; private set; } = null!;

    internal Uri Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(ConsoleProcess.SourceRoot, "tests", "NrdotConsole.Journeys", "OpenId");
        _process = Process.Start(new ProcessStartInfo("node", ["provider.mjs"])
        { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartLimit);
        Issuer = await _process.StandardOutput.ReadLineAsync(limit.Token) is { } address
            ? new(address)
            : throw new InvalidOperationException($"The provider ended before it had an address; try `node provider.mjs` in {folder}.");
        Console = await ConsoleProcess.StartAsync(null, $"Auth__Oidc__Authority={address}", "Auth__Oidc__ClientId=console", "Auth__Oidc__ClientSecret=a-secret-of-the-journeys-only",
            "Auth__Oidc__DisplayName=Example ID", "Auth__Oidc__Scopes=openid profile groups", "Auth__Oidc__RoleMap__sre-oncall=operator", "Auth__Oidc__RoleMap__finops=manager");
    }

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
