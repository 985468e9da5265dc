using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NrdotConsole.App.Features.Telemetry.Tokens;

/// <summary>SHA-256 of a token, as a value that a dictionary compares without an allocation. A token is 256 random bits: no salt or slow hash is needed.</summary>
internal readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int LongestToken = 256;

    /// <summary>False for what cannot be a token: empty, or longer than any.</summary>
    public static bool TryOf(ReadOnlySpan<char> secret, out TokenHash hash)
    {
        hash = default;
        Span<byte> utf8 = stackalloc byte[LongestToken];
        if (secret.IsEmpty || !Encoding.UTF8.TryGetBytes(secret, utf8, out var length)) return false;
        Span<ulong> words = stackalloc ulong[4];
        SHA256.HashData(utf8[..length], MemoryMarshal.AsBytes(words));
        hash = new(words[0], words[1], words[2], words[3]);
        return true;
    }

    public static TokenHash Parse(string hex)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(Convert.FromHexString(hex));
        return new(words[0], words[1], words[2], words[3]);
    }

    public override string ToString()
    {
        Span<ulong> words = [A, B, C, D];
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(words));
    }
}
