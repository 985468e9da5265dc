namespace NrdotConsole.Core.Anomalies;

/// <summary>Grows the trees of an <see cref="IsolationForest"/>: each from its own sample drawn without replacement, split at random until single rows or the depth limit.</summary>
sealed class ForestBuilder(int features, int depth, ulong seed)
{
    SplitMix64 _random = new(seed);
    int[] _nodes = [];
    int[] _leaves = [];
    int _tree;

    public (int[] Nodes, int[] Leaves) Grow(ReadOnlySpan<float> rows, int count, int sample, int trees)
    {
        _nodes = new int[ForestKernel.Length(trees, depth)];
        _leaves = new int[_nodes.Length];
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        for (_tree = 0; _tree < trees; _tree++)
        {
            for (var i = 0; i < sample; i++)
            {
                var j = i + _random.Below(count - i);
                (order[i], order[j]) = (order[j], order[i]);
            }
            Split(rows, order.AsSpan(0, sample), node: 1, level: 0);
        }
        return (_nodes, _leaves);
    }

    void Split(ReadOnlySpan<float> rows, Span<int> members, int node, int level)
    {
        if (level == depth || members.Length <= 1 || !TryDraw(rows, members, out var split))
        {
            End(members.Length, node, level);
            return;
        }
        _nodes[ForestKernel.At(_tree, node, depth)] = split;
        var feature = split & (ForestKernel.RowWidth - 1);
        var value = BitConverter.Int32BitsToSingle(split);
        var left = 0;
        for (var i = 0; i < members.Length; i++)
            if (rows[members[i] * features + feature] < value)
            {
                (members[left], members[i]) = (members[i], members[left]);
                left++;
            }
        Split(rows, members[..left], 2 * node, level + 1);
        Split(rows, members[left..], 2 * node + 1, level + 1);
    }

    /// <summary>A feature that still varies, each as likely, and a value uniform in its range that leaves both sides some rows.</summary>
    bool TryDraw(ReadOnlySpan<float> rows, ReadOnlySpan<int> members, out int split)
    {
        Span<int> untried = stackalloc int[ForestKernel.RowWidth];
        for (var f = 0; f < features; f++) untried[f] = f;
        for (var left = features; left > 0; left--)
        {
            var pick = _random.Below(left);
            var feature = untried[pick];
            untried[pick] = untried[left - 1];
            float low = float.PositiveInfinity, high = float.NegativeInfinity;
            foreach (var member in members)
            {
                var x = rows[member * features + feature];
                low = Math.Min(low, x);
                high = Math.Max(high, x);
            }
            if (!(low < high)) continue;
            var drawn = (float)(low + _random.Fraction() * ((double)high - low));
            split = (BitConverter.SingleToInt32Bits(drawn) & ~(ForestKernel.RowWidth - 1)) | feature;
            var value = BitConverter.Int32BitsToSingle(split);
            if (value > low && value <= high) return true;
            // The draw hit an end of the range: split off the top value, if 3 bits still tell it apart.
            split = (BitConverter.SingleToInt32Bits(high) & ~(ForestKernel.RowWidth - 1)) | feature;
            value = BitConverter.Int32BitsToSingle(split);
            if (value > low && value <= high) return true;
        }
        split = 0;
        return false;
    }

    void End(int rows, int node, int level)
    {
        var path = ForestKernel.Fixed(level + IsolationForest.AveragePath(rows));
        var below = depth - level;
        var first = (node << below) - (1 << depth);
        for (var leaf = first; leaf < first + (1 << below); leaf++) _leaves[ForestKernel.At(_tree, leaf, depth)] = path;
    }
}
