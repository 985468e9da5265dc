using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Byte blocks for the heads, in slabs of 1 MB: a point never allocates, a freed block is taken again.
/// A block is named by one number: its slab and its offset / 16. 0 is no block.
/// </summary>
internal sealed class HeadArena
{
    const int SlabBytes = 1 << 20, Grain = 16;

    /// <summary>Room of each size class; a full block moves to the next class.</summary>
    static readonly int[] Sizes = [32, 64, 112, 176, 256, 384, 576, 864, 1296, 1952, 2928, 4400, 6608, 9920, 14880, 22320, 33488, 50240];

    static readonly byte[] ClassOf = BuildClasses();
    static readonly ushort[] RoomOf = [.. ClassOf.Select(c => (ushort)Sizes[c])];

    /// <summary>Grows by a copy: the sealer reads old blocks while new slabs come.</summary>
    volatile byte[][] _slabs = [];
    readonly int[] _free = new int[Sizes.Length];
    int _slabUsed = SlabBytes;

    public const int MaxBlockBytes = 50240;

    public long Bytes => (long)_slabs.Length * SlabBytes;

    static byte[] BuildClasses()
    {
        var classes = new byte[MaxBlockBytes / Grain + 1];
        for (int i = 0, c = 0; i < classes.Length; i++)
        {
            while (Sizes[c] < i * Grain) c++;
            classes[i] = (byte)c;
        }
        return classes;
    }

    static int ClassFor(int bytes) => ClassOf[(bytes + Grain - 1) / Grain];

    /// <summary>Room of the smallest block that holds <paramref name="bytes"/>.</summary>
    public static int RoomFor(int bytes) => RoomOf[(bytes + Grain - 1) / Grain];

    public Span<byte> this[int block, int room] => _slabs[(block - 1) >> 16].AsSpan(((block - 1) & 0xFFFF) * Grain, room);

    /// <summary>Bytes at <paramref name="at"/> of the block will be needed soon. Slabs are pinned, so that they are found.</summary>
    public void Prefetch(int block, int at)
    {
        if (block != 0) Soon.Needed(ref Unsafe.Add(ref this[block, 1][0], at));
    }

    public int Allocate(int bytes)
    {
        var size = ClassFor(bytes);
        var block = _free[size];
        if (block != 0)
        {
            var next = _free[size] = BinaryPrimitives.ReadInt32LittleEndian(this[block, 4]);
            Prefetch(next, 0);
            return block;
        }
        if (_slabUsed + Sizes[size] > SlabBytes)
        {
            _slabs = [.. _slabs, GC.AllocateUninitializedArray<byte>(SlabBytes, pinned: true)];
            _slabUsed = 0;
        }
        block = ((_slabs.Length - 1) << 16) + _slabUsed / Grain + 1;
        _slabUsed += Sizes[size];
        return block;
    }

    /// <summary>Moves <paramref name="used"/> bytes into a block with room for <paramref name="bytes"/>.</summary>
    public int Grow(int block, int used, int room, int bytes)
    {
        var larger = Allocate(bytes);
        this[block, used].CopyTo(this[larger, used]);
        Free(block, room);
        return larger;
    }

    public void Free(int block, int room)
    {
        var size = ClassFor(room);
        BinaryPrimitives.WriteInt32LittleEndian(this[block, 4], _free[size]);
        _free[size] = block;
    }
}
