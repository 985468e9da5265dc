using Dapper;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

internal enum SignInStatus { Accepted, Refused, Busy }

/// <param name="UserId">Set when accepted.</param>
internal readonly record struct SignInResult(SignInStatus Status, long UserId = 0);

/// <summary>
/// Sign-in by name and password. An unknown name, a wrong password, a disabled, locked or password-less account get the same
/// answer after the same work. The attempt is counted before the password is looked at, so parallel guesses cannot pass the lock.
/// </summary>
internal sealed class SignIn(ConsoleDatabase database, Passwords passwords, AuditLog audit, TimeProvider time)
{
    public async Task<SignInResult> TryAsync(string name, string password, string address, CancellationToken ct = default)
    {
        var (result, account) = await CheckAsync(name, password, address, ct);
        if (account is not null)
            await audit.AppendAsync(new AuditEntry(new(account.Name, ActorKind.User, address), "session.start", $"user:{account.Name}"), ct);
        return result;
    }

    /// <summary>Whether this is the account's password, asked of somebody who is signed in; guesses count as at the sign-in.</summary>
    public async Task<SignInStatus> ConfirmAsync(string name, string password, string address, CancellationToken ct = default) =>
        (await CheckAsync(name, password, address, ct)).Result.Status;

    async Task<(SignInResult Result, Account? Account)> CheckAsync(string name, string password, string address, CancellationToken ct)
    {
        var account = await ClaimAttemptAsync(name, ct);
        if (await passwords.VerifyAsync(account?.PasswordHash, password, ct) is not var (fits, rehash)) return (new(SignInStatus.Busy), null);
        if (!fits)
        {
            if (account is not null && Lockout.After(account.Attempts) is { Ticks: > 0 } rest)
                await audit.AppendAsync(new AuditEntry(Actor.System with { Address = address }, "user.lock", $"user:{account.Name}",
                    Reason: $"{account.Attempts} wrong passwords in a row; rests {rest.TotalMinutes:0} min"), ct);
            return (new(SignInStatus.Refused), null);
        }
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE users SET failed_sign_ins = 0, locked_until = NULL, password_hash = coalesce(@rehash, password_hash) WHERE id = @Id",
            new { account!.Id, rehash }, cancellationToken: ct));
        return (new(SignInStatus.Accepted, account.Id), account);
    }

    /// <returns>The account when it may try now.</returns>
    async Task<Account?> ClaimAttemptAsync(string name, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("UPDATE sign_in_attempts SET total = total + 1", transaction: transaction);
        var account = await connection.QuerySingleOrDefaultAsync<Account>(
            """
            UPDATE users SET failed_sign_ins = failed_sign_ins + 1
            WHERE name_key = @key AND disabled = 0 AND password_hash IS NOT NULL AND (locked_until IS NULL OR locked_until <= @now)
            RETURNING id, name, password_hash AS PasswordHash, failed_sign_ins AS Attempts
            """, new { key = UserStore.Key(name), now }, transaction);
        if (account is not null && Lockout.After(account.Attempts) is { Ticks: > 0 } rest)
            await connection.ExecuteAsync("UPDATE users SET locked_until = @until WHERE id = @Id", new { account.Id, until = now + rest }, transaction);
        await transaction.CommitAsync(ct);
        return account;
    }

    sealed record Account(long Id, string Name, string PasswordHash, long Attempts);
}
