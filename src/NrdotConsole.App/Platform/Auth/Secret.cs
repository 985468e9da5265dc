using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Random secrets that are shown once and kept as a hash. 256 random bits need no slow hash.</summary>
internal static class Secret
{
    const int HintLength = 8;

    public static string New(string prefix = "") => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Its first characters, to tell tokens apart on a page; nothing of one too short to give them away.</summary>
    public static string Hint(string secret) => secret.Length >= 2 * HintLength ? secret[..HintLength] : "";

    /// <summary>SHA-256, lower-case hex.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
