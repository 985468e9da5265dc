using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>First start: the account <c>admin</c>, with a one-time link on stdout, or with what the settings give for unattended starts.</summary>
internal sealed class Bootstrap(
    ConsoleDatabase database, UserStore users, SetupLinks links, ApiTokenStore tokens, Passwords passwords, AuthSettings settings, StartupBanner banner, ILogger<Bootstrap> log)
    : IHostedService
{
    public const string AdminName = "admin", TokenName = "bootstrap";

    public async Task StartAsync(CancellationToken ct)
    {
        var all = await users.ListAsync(ct);
        if (all.Count == 0) await users.AddAsync(Actor.System, AdminName, Roles.Admin, null, ct: ct);
        var admin = (all.Count == 0 ? await users.ListAsync(ct) : all).FirstOrDefault(x => x.Name == AdminName);
        if (admin is null || admin.Disabled) return;
        if (!admin.HasPassword) await FirstPasswordAsync(admin, ct);
        if (settings.BootstrapApiToken is { } secret) await FirstTokenAsync(admin, secret, ct);
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    async Task FirstPasswordAsync(User admin, CancellationToken ct)
    {
        if (settings.BootstrapAdminPassword is not { } password)
        {
            var path = await links.CreateAsync(Actor.System, admin, ct);
            banner.Add($"First sign-in, as {AdminName}: open this once, within {SetupLinks.Lifetime.TotalHours:0} h, and choose the password", address => address + path);
            return;
        }
        if (PasswordRules.Refuse(password, AdminName) is { } refusal) log.LogWarning("Auth:BootstrapAdminPassword is weak. {Refusal}", refusal);
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await users.SetPasswordAsync(transaction, Actor.System, admin.Id, passwords.Hash(password), null, ct);
        await transaction.CommitAsync(ct);
    }

    async Task FirstTokenAsync(User admin, string secret, CancellationToken ct)
    {
        if ((await tokens.ListAsync(admin.Id, ct)).Any(x => x.Name == TokenName)) return;
        if (secret.Length < 24) log.LogWarning("Auth:BootstrapApiToken is short: {Length} characters can be guessed, take 24 or more", secret.Length);
        await tokens.CreateAsync(Actor.System, admin.Id, TokenName, [ApiTokenStore.AllScopes], null, null, secret, ct);
    }
}
