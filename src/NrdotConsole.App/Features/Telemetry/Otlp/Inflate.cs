using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

internal enum ContentCoding { Identity, Gzip, Zstd, Zlib }

/// <summary>Decompresses a whole request into a bounded buffer: a bomb costs the limit and no more.</summary>
internal static class Inflate
{
    /// <summary>Largest back-reference window of a zstd frame, as a power of two: 32 MiB. Collectors use at most 8.</summary>
    const int ZstdWindowLog = 25;

    static readonly ConcurrentBag<Decompressor> Zstd = [];

    public static bool TryParse(string? name, out ContentCoding coding)
    {
        ContentCoding? found = name switch
        {
            null or "" or "identity" => ContentCoding.Identity,
            "gzip" or "x-gzip" => ContentCoding.Gzip,
            "zstd" => ContentCoding.Zstd,
            // HTTP's "deflate" is the zlib format; collectors call it by either name.
            "deflate" or "zlib" => ContentCoding.Zlib,
            _ => null,
        };
        coding = found ?? default;
        return found is not null;
    }

    /// <returns>Ok, Malformed, TooLarge or Busy.</returns>
    public static OtlpStatus Run(ContentCoding coding, ReadOnlyMemory<byte> compressed, RequestBuffer into)
    {
        try
        {
            return coding == ContentCoding.Zstd ? RunZstd(compressed.Span, into) : RunZlib(coding, compressed, into);
        }
        catch (Exception fault) when (fault is InvalidDataException or ZstdException)
        {
            return OtlpStatus.Malformed;
        }
    }

    static OtlpStatus RunZlib(ContentCoding coding, ReadOnlyMemory<byte> compressed, RequestBuffer into)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(compressed, out var bytes)) throw new ArgumentException("An array is wanted.", nameof(compressed));
        using var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using Stream plain = coding == ContentCoding.Gzip ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        if (compressed.Length == 0) return OtlpStatus.Malformed;
        if (!into.TryMakeRoom(FirstGuess(coding, compressed.Span))) return into.Fault;
        while (true)
        {
            if (!into.TryMakeRoom(1)) return into.Fault;
            var read = plain.Read(into.Free);
            if (read == 0) return OtlpStatus.Ok;
            if (!into.TryAdvance(read)) return into.Fault;
        }
    }

    /// <summary>A gzip member ends with its plain length. It is a hint from outside: believed only as far as deflate can reach.</summary>
    static int FirstGuess(ContentCoding coding, ReadOnlySpan<byte> compressed)
    {
        var likely = 8 * compressed.Length;
        if (coding != ContentCoding.Gzip || compressed.Length < 18) return Math.Max(likely, 512);
        var told = BinaryPrimitives.ReadUInt32LittleEndian(compressed[^4..]);
        return (int)Math.Clamp(told + 1L, 512, Math.Max(512, Math.Min(20L * compressed.Length, 4 << 20)));
    }

    static OtlpStatus RunZstd(ReadOnlySpan<byte> compressed, RequestBuffer into)
    {
        if (!Zstd.TryTake(out var decompressor))
        {
            decompressor = new Decompressor();
            decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        }
        try
        {
            decompressor.ResetStream();
            var status = OperationStatus.NeedMoreData;
            while (compressed.Length > 0 || status == OperationStatus.DestinationTooSmall)
            {
                if (!into.TryMakeRoom(1)) return into.Fault;
                status = decompressor.UnwrapStream(compressed, into.Free, out var consumed, out var written);
                if (status == OperationStatus.InvalidData || (consumed == 0 && written == 0)) return OtlpStatus.Malformed;
                if (!into.TryAdvance(written)) return into.Fault;
                compressed = compressed[consumed..];
            }
            return status == OperationStatus.Done ? OtlpStatus.Ok : OtlpStatus.Malformed;
        }
        finally
        {
            Zstd.Add(decompressor);
        }
    }
}
