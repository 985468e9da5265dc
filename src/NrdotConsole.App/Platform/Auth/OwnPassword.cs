using System.Security.Claims;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Changing one's own password takes the current one: a browser left open is not enough.</summary>
internal sealed class OwnPassword(ConsoleDatabase database, UserStore users, SignIn signIn, Passwords passwords)
{
    /// <returns>Why not; null when it is changed and all other sessions have ended.</returns>
    public async Task<string?> ChangeAsync(ClaimsPrincipal principal, string current, string wanted, string address, CancellationToken ct = default)
    {
        var name = principal.Identity!.Name!;
        if (PasswordRules.Refuse(wanted, name) is { } refusal) return refusal;
        switch (await signIn.ConfirmAsync(name, current, address, ct))
        {
            case SignInStatus.Busy: return "Too many passwords are being checked. Try again in a moment.";
            case SignInStatus.Refused: return "The current password is not right, or the account rests for some minutes after wrong ones.";
        }
        var hash = passwords.Hash(wanted);
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await users.SetPasswordAsync(transaction, new Actor(name, ActorKind.User, address), principal.RequiredUserId(), hash, principal.FindFirstValue(Principals.SessionId), ct);
        await transaction.CommitAsync(ct);
        return null;
    }
}
