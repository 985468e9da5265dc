using System.Security.Cryptography;
using System.Text;

namespace NrdotConsole.App.Features.GitOps.Remote;

/// <summary>Whether a webhook comes from who knows the secret. Comparisons take the same time however much of a guess is right.</summary>
internal static class WebhookSignature
{
    /// <summary>GitHub: <c>X-Hub-Signature-256: sha256=</c> and the lower-case hex HMAC-SHA-256 of the body.</summary>
    public static bool IsGitHub(string? header, ReadOnlySpan<byte> body, string secret)
    {
        const string prefix = "sha256=";
        if (header is null || !header.StartsWith(prefix, StringComparison.Ordinal)) return false;
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(header[prefix.Length..]));
    }

    /// <summary>GitLab: <c>X-Gitlab-Token</c> is the secret itself; hashes are compared, so that not even its length shows.</summary>
    public static bool IsGitLab(string? header, string secret) =>
        header is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
