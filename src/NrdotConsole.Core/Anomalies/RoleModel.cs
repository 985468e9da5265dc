using NrdotConsole.Core.Snapshots;

namespace NrdotConsole.Core.Anomalies;

/// <summary>A scaler and a forest for one role (process class): processes of one role are alike, so what is rare stands out. Immutable.</summary>
public sealed class RoleModel
{
    readonly FeatureScaler _scaler;

    RoleModel(string role, DateTimeOffset trainedAt, int rows, FeatureScaler scaler, IsolationForest forest) =>
        (Role, TrainedAt, Rows, _scaler, Forest) = (role, trainedAt, rows, scaler, forest);

    public string Role { get; }
    public DateTimeOffset TrainedAt { get; }

    /// <summary>Rows it was trained on.</summary>
    public int Rows { get; }
    public IsolationForest Forest { get; }
    public FeatureScaler Scaler => _scaler;

    /// <summary>Trains on rows of <see cref="ProcessFeatures.Count"/> values laid one after the other; values that are not known count as the median.</summary>
    public static RoleModel Train(string role, ReadOnlySpan<double> rows, Scaling scaling, ForestOptions options, DateTimeOffset at)
    {
        const int width = ProcessFeatures.Count;
        var scaler = FeatureScaler.Fit(scaling, rows, width);
        var scaled = new float[rows.Length];
        for (var i = 0; i < rows.Length; i += width) scaler.Transform(rows.Slice(i, width), scaled.AsSpan(i, width));
        return new(role, at, rows.Length / width, scaler, IsolationForest.Train(scaled, width, options));
    }

    public void Save(BinaryWriter to)
    {
        to.Write(TrainedAt.ToUnixTimeMilliseconds());
        to.Write(Rows);
        to.Write((byte)_scaler.Kind);
        Plain.Write<double>(to, [.. _scaler.Center]);
        Plain.Write<double>(to, [.. _scaler.Scale]);
        var (features, trees, sample, contamination, threshold, nodes, leaves) = Forest.State;
        to.Write(features);
        to.Write(trees);
        to.Write(sample);
        to.Write(contamination);
        to.Write(threshold);
        Plain.Write<int>(to, nodes);
        Plain.Write<int>(to, leaves);
    }

    /// <exception cref="InvalidDataException">The forest's arrays do not fit together.</exception>
    public static RoleModel Load(string role, BinaryReader from)
    {
        const int width = ProcessFeatures.Count, most = 8 << 20;
        var (trainedAt, rows, kind) = (DateTimeOffset.FromUnixTimeMilliseconds(from.ReadInt64()), from.ReadInt32(), (Scaling)from.ReadByte());
        var scaler = FeatureScaler.From(kind, Plain.ReadArray<double>(from, width), Plain.ReadArray<double>(from, width));
        var state = new ForestState(
            from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadDouble(), from.ReadDouble(), Plain.ReadArray<int>(from, most), Plain.ReadArray<int>(from, most));
        if (!IsolationForest.TryRestore(state, out var forest, out var fault)) throw new InvalidDataException($"The forest of {role}: {fault}.");
        return new(role, trainedAt, rows, scaler, forest!);
    }

    public ForestReading Read(in ProcessFeatures features)
    {
        Span<double> row = stackalloc double[ProcessFeatures.Count];
        Span<float> scaled = stackalloc float[ProcessFeatures.Count];
        features.CopyTo(row);
        _scaler.Transform(row, scaled);
        return new(Forest.Score((ReadOnlySpan<float>)scaled), Forest.Threshold);
    }
}
