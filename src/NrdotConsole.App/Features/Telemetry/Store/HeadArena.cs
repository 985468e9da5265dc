using System.Runtime.CompilerServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Blocks for the heads, in slabs of 1 MB: a point never allocates, a freed chain is taken again. A block is one cache line, so that a point that is
/// appended touches one; a full one is followed by another, and nothing is copied. A point may begin in one block and end in the next.
/// <code>bytes 0..59 points | 60..63 number of the next block, 0 for none; a freed block's: the next free one</code>
/// A block is named by one number: its slab and its place there. 0 is no block.
/// </summary>
internal sealed unsafe class HeadArena
{
    /// <summary>What a block holds.</summary>
    public const int Room = CacheLines.LineBytes - sizeof(int);

    const int SlabBits = 14, SlabBlocks = 1 << SlabBits;

    /// <summary>Grows by a copy: the sealer reads old blocks while new slabs come.</summary>
    volatile CacheLines[] _slabs = [];
    int _used = 1, _free;

    public long Bytes => (long)_slabs.Length * SlabBlocks * CacheLines.LineBytes;

    byte* At(int block) => _slabs[block >> SlabBits].First + (block & (SlabBlocks - 1)) * CacheLines.LineBytes;

    ref int Next(int block) => ref *(int*)(At(block) + Room);

    /// <summary>What is left of the chunk's last block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Rest(in Chunk chunk) => new(At(chunk.Last) + chunk.Used, Room - chunk.Used);

    /// <summary>The end of the chunk will be needed soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(in Chunk chunk)
    {
        if (chunk.Last != 0) Soon.Needed(ref *At(chunk.Last));
    }

    /// <summary>Gives the chunk a further block, its first where it has none.</summary>
    public void Extend(ref Chunk chunk)
    {
        var block = Allocate();
        if (chunk.First == 0) chunk.First = block;
        else Next(chunk.Last) = block;
        chunk.Last = block;
        chunk.Used = 0;
    }

    int Allocate()
    {
        var block = _free;
        if (block == 0)
        {
            if (_used >> SlabBits >= _slabs.Length) _slabs = [.. _slabs, new(SlabBlocks)];
            return _used++;
        }
        _free = Next(block);
        Next(block) = 0;
        if (_free != 0) Soon.Needed(ref *At(_free));
        return block;
    }

    /// <summary>Writes behind the chunk's points what may not fit into its last block.</summary>
    public void Append(ref Chunk chunk, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (chunk.First == 0 || chunk.Used == Room) Extend(ref chunk);
            var part = bytes[..Math.Min(bytes.Length, Room - chunk.Used)];
            part.CopyTo(Rest(chunk));
            chunk.Used += (byte)part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>The chunk's bytes, one behind the other, in <paramref name="buffer"/>, which grows where it must. Answers how many there are.</summary>
    public int Read(in Chunk chunk, ref byte[] buffer, int at = 0)
    {
        var from = at;
        for (var block = chunk.First; block != 0; block = block == chunk.Last ? 0 : Next(block))
        {
            if (buffer.Length < at + Room) Array.Resize(ref buffer, Math.Max(at + Room, buffer.Length * 2));
            var used = block == chunk.Last ? chunk.Used : Room;
            new ReadOnlySpan<byte>(At(block), used).CopyTo(buffer.AsSpan(at));
            at += used;
        }
        return at - from;
    }

    public void Free(in Chunk chunk)
    {
        if (chunk.First == 0) return;
        Next(chunk.Last) = _free;
        _free = chunk.First;
    }
}
