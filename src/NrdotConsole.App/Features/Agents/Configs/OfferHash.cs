using System.Buffers.Binary;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// The hash of an offer on the wire. To an agent it is opaque: one that it has dealt with is not tried again, another one is. So each further
/// try that a person asks for has a hash of its own:
/// <code>
/// | SHA-256 of the configuration, 32 bytes | further try: when it was asked for, seconds since 1970, 4 bytes, big endian |
/// </code>
/// </summary>
/// <param name="Config">The configuration's hash in hex, lower case.</param>
/// <param name="Try">0: nobody asked for another try, and the four bytes are not there.</param>
internal readonly record struct OfferHash(string Config, uint Try)
{
    const int ConfigBytes = 32, TryBytes = sizeof(uint);

    public static OfferHash Read(ReadOnlySpan<byte> bytes) => bytes.Length == ConfigBytes + TryBytes
        ? new(Convert.ToHexStringLower(bytes[..ConfigBytes]), BinaryPrimitives.ReadUInt32BigEndian(bytes[ConfigBytes..]))
        : new(Convert.ToHexStringLower(bytes), 0);

    public byte[] ToBytes()
    {
        var config = Convert.FromHexString(Config);
        if (Try == 0) return config;
        Span<byte> nth = stackalloc byte[TryBytes];
        BinaryPrimitives.WriteUInt32BigEndian(nth, Try);
        return [.. config, .. nth];
    }
}
