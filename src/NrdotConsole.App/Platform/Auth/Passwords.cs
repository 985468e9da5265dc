using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>
/// PBKDF2 (HMAC-SHA512) over ASP.NET's hasher. Whoever is asked about, known or not, one hash is computed: the time tells nothing.
/// Few run at once, so that guessing takes neither the processor nor memory.
/// </summary>
internal sealed class Passwords : IDisposable
{
    const int AtOnce = 2, Waiting = 50;

    readonly PasswordHasher<object> _hasher;
    readonly string _nobody;
    readonly ConcurrencyLimiter _limit = new(new() { PermitLimit = AtOnce, QueueLimit = Waiting });

    public Passwords(IOptions<PasswordHasherOptions> options)
    {
        _hasher = new(options);
        _nobody = Hash(Secret.New());
    }

    public string Hash(string password) => _hasher.HashPassword(this, Normal(password));

    /// <param name="hash">Null when there is no such account, or it has no password: the answer is no, after the same time.</param>
    /// <returns>Whether it fits and, when the hash is of an older strength, a new one. Null: too many are being checked.</returns>
    public async Task<(bool Fits, string? Rehash)?> VerifyAsync(string? hash, string password, CancellationToken ct = default)
    {
        using var lease = await _limit.AcquireAsync(1, ct);
        if (!lease.IsAcquired) return null;
        var verdict = password.Length > PasswordRules.MaxLength
            ? PasswordVerificationResult.Failed
            : await Task.Run(() => _hasher.VerifyHashedPassword(this, hash ?? _nobody, Normal(password)), ct);
        if (hash is null || verdict == PasswordVerificationResult.Failed) return (false, null);
        return (true, verdict == PasswordVerificationResult.SuccessRehashNeeded ? Hash(password) : null);
    }

    static string Normal(string password) => password.Normalize(NormalizationForm.FormC);

    public void Dispose() => _limit.Dispose();
}
