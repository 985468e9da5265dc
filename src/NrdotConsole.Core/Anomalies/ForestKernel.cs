using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// The inner loop of an <see cref="IsolationForest"/>. A group of 8 trees (16 kB at depth 8) stays in the first-level
/// cache while a block of rows passes through it. With AVX2 the 8 trees walk in step, one a lane: one gather fetches 8
/// splits, one permute picks each split's feature out of the row, and four rows are interleaved to hide the latency.
/// </summary>
static unsafe class ForestKernel
{
    /// <summary>Values a row is padded to, and trees a group.</summary>
    public const int RowWidth = 8;
    public const int BlockRows = 128;
    public const double PathUnit = 65536;

    public static int Fixed(double path) => (int)Math.Round(path * PathUnit);

    public static int Length(int trees, int depth) => (trees + RowWidth - 1) / RowWidth * RowWidth << depth;

    public static int At(int tree, int node, int depth) => (((tree / RowWidth) << depth) + node) * RowWidth + tree % RowWidth;

    /// <summary>Writes each row's sum of path lengths over all trees; at most <see cref="BlockRows"/> rows.</summary>
    public static void SumPaths(int[] nodes, int[] leaves, int depth, int features, ReadOnlySpan<float> rows, Span<int> sums)
    {
        if (Avx2.IsSupported) SumByLanes(nodes, leaves, depth, features, rows, sums);
        else SumOneByOne(nodes, leaves, depth, features, rows, sums);
    }

    internal static void SumOneByOne(int[] nodes, int[] leaves, int depth, int features, ReadOnlySpan<float> rows, Span<int> sums)
    {
        sums.Clear();
        for (var group = 0; group < nodes.Length; group += RowWidth << depth)
            for (var r = 0; r < sums.Length; r++)
            {
                var row = rows.Slice(r * features, features);
                for (var lane = 0; lane < RowWidth; lane++)
                {
                    var node = 1;
                    for (var level = 0; level < depth; level++)
                    {
                        var split = nodes[group + node * RowWidth + lane];
                        node = 2 * node + (row[split & (RowWidth - 1)] >= BitConverter.Int32BitsToSingle(split) ? 1 : 0);
                    }
                    sums[r] += leaves[group + (node - (1 << depth)) * RowWidth + lane];
                }
            }
    }

    internal static void SumByLanes(int[] nodes, int[] leaves, int depth, int features, ReadOnlySpan<float> rows, Span<int> sums)
    {
        const int interleaved = 4;
        var count = sums.Length;
        var padded = (count + interleaved - 1) / interleaved * interleaved;
        Span<Vector256<float>> wide = stackalloc Vector256<float>[padded];
        Span<Vector256<int>> totals = stackalloc Vector256<int>[padded];
        wide.Clear();
        totals.Clear();
        var cells = MemoryMarshal.Cast<Vector256<float>, float>(wide);
        for (var r = 0; r < count; r++) rows.Slice(r * features, features).CopyTo(cells[(r * RowWidth)..]);

        fixed (int* allNodes = nodes, allLeaves = leaves)
        fixed (Vector256<float>* x = wide)
        fixed (Vector256<int>* total = totals)
        {
            var size = RowWidth << depth;
            for (var group = 0; group < nodes.Length; group += size)
                for (var r = 0; r < padded; r += interleaved)
                    WalkFour(allNodes + group, allLeaves + group - size, depth, x + r, total + r);
        }
        for (var r = 0; r < count; r++) sums[r] = Vector256.Sum(totals[r]);
    }

    static void WalkFour(int* nodes, int* leaves, int depth, Vector256<float>* x, Vector256<int>* total)
    {
        var lanes = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
        Vector256<float> x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3];

        // Every row begins at node 1, so the first splits need no gather.
        var root = Vector256.Load(nodes + RowWidth);
        var first = lanes + Vector256.Create(RowWidth);
        Vector256<int> at0 = Next(first, root, x0, lanes), at1 = Next(first, root, x1, lanes);
        Vector256<int> at2 = Next(first, root, x2, lanes), at3 = Next(first, root, x3, lanes);
        for (var level = 1; level < depth; level++)
        {
            var s0 = Avx2.GatherVector256(nodes, at0, sizeof(int));
            var s1 = Avx2.GatherVector256(nodes, at1, sizeof(int));
            var s2 = Avx2.GatherVector256(nodes, at2, sizeof(int));
            var s3 = Avx2.GatherVector256(nodes, at3, sizeof(int));
            at0 = Next(at0, s0, x0, lanes);
            at1 = Next(at1, s1, x1, lanes);
            at2 = Next(at2, s2, x2, lanes);
            at3 = Next(at3, s3, x3, lanes);
        }
        total[0] += Avx2.GatherVector256(leaves, at0, sizeof(int));
        total[1] += Avx2.GatherVector256(leaves, at1, sizeof(int));
        total[2] += Avx2.GatherVector256(leaves, at2, sizeof(int));
        total[3] += Avx2.GatherVector256(leaves, at3, sizeof(int));
    }

    /// <summary>From node*8 + lane to (2*node + right)*8 + lane. The permute reads only the lowest 3 bits of a split: the feature.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Next(Vector256<int> at, Vector256<int> split, Vector256<float> row, Vector256<int> lanes)
    {
        var value = Avx2.PermuteVar8x32(row, split);
        var right = Avx.CompareGreaterThanOrEqual(value, split.AsSingle()).AsInt32();
        return at + at - lanes + (right & Vector256.Create(RowWidth));
    }
}
