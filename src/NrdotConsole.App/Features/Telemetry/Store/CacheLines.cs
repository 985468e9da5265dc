using System.Runtime.CompilerServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Zeroed memory that begins where a cache line of the processor does, and never moves: what fits into a line is never torn over two.</summary>
internal sealed unsafe class CacheLines
{
    public const int LineBytes = 64;

    readonly byte[] _bytes;
    readonly byte* _first;

    public CacheLines(int lines)
    {
        _bytes = GC.AllocateArray<byte>((lines + 1) * LineBytes, pinned: true);
        var at = (nint)Unsafe.AsPointer(ref _bytes[0]);
        _first = (byte*)((at + LineBytes - 1) & -LineBytes);
    }

    /// <summary>Where the first line begins; valid while this object is reachable.</summary>
    public byte* First => _first;
}
