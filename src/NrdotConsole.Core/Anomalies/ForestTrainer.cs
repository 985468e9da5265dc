using NrdotConsole.Core.Snapshots;

namespace NrdotConsole.Core.Anomalies;

/// <summary>When and on how much a role's forest is trained.</summary>
public sealed record TrainerOptions
{
    /// <summary>Rows kept a role.</summary>
    public int Capacity { get; init; } = 4_096;

    /// <summary>Rows before the first training, and new ones before each further.</summary>
    public int MinimumRows { get; init; } = 256;
    public int MinimumNewRows { get; init; } = 64;
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Roles beyond this are not learnt, and counted.</summary>
    public int MaximumRoles { get; init; } = 64;
    public Scaling Scaling { get; init; } = Scaling.LogRobust;
    public ForestOptions Forest { get; init; } = new();
}

/// <summary>
/// Keeps a bounded random sample of rows a role and trains its forest when due. The sample is Vitter's reservoir
/// (1985, algorithm R); after each training the rows seen before weigh as one reservoir's worth, so a busy role
/// forgets within an interval and a quiet one remembers for many. Seeded: the same rows in the same order give the
/// same models. One loop writes; <see cref="Model"/> hands out immutable models.
/// </summary>
public sealed class ForestTrainer(TrainerOptions options)
{
    /// <summary>Why the forest has one vote among three.</summary>
    public const string ContaminationNote =
        "Contamination 0.1 puts the threshold where 10 % of the training rows lie above it, by construction. The forest's vote confirms another detector's; it never opens a verdict alone.";

    readonly Dictionary<string, Reservoir> _roles = new(StringComparer.Ordinal);

    public ForestTrainer() : this(new TrainerOptions()) { }

    /// <summary>Rows refused because their role was beyond <see cref="TrainerOptions.MaximumRoles"/>.</summary>
    public long RefusedRows { get; private set; }
    public int Roles => _roles.Count;

    public RoleModel? Model(string role) => _roles.GetValueOrDefault(role)?.Model;

    public void Add(string role, in ProcessFeatures features)
    {
        if (!_roles.TryGetValue(role, out var reservoir))
        {
            if (_roles.Count >= options.MaximumRoles)
            {
                RefusedRows++;
                return;
            }
            _roles[role] = reservoir = new(options.Capacity, options.Forest.Seed ^ SeedOf(role));
        }
        reservoir.Add(features);
    }

    /// <summary>Trains every role that is due and returns how many that were: 5 to 10 ms each.</summary>
    public int TrainDue(DateTimeOffset at)
    {
        var trained = 0;
        foreach (var (role, reservoir) in _roles)
        {
            if (!IsDue(options, reservoir.Rows, reservoir.NewRows, reservoir.Model?.TrainedAt, at)) continue;
            reservoir.Model = RoleModel.Train(role, reservoir.Values, options.Scaling, options.Forest, at);
            reservoir.Forget();
            trained++;
        }
        return trained;
    }

    public void Save(BinaryWriter to)
    {
        to.Write(_roles.Count);
        foreach (var (role, reservoir) in _roles)
        {
            to.Write(role);
            reservoir.Save(to);
        }
    }

    /// <summary>With the default options, as it was saved.</summary>
    public static ForestTrainer Load(BinaryReader from)
    {
        var options = new TrainerOptions();
        var trainer = new ForestTrainer(options);
        for (var left = Plain.Count(from, options.MaximumRoles); left > 0; left--)
        {
            var role = from.ReadString();
            trainer._roles[role] = Reservoir.Load(role, options, from);
        }
        return trainer;
    }

    public static bool IsDue(TrainerOptions options, int rows, long newRows, DateTimeOffset? trainedAt, DateTimeOffset at) =>
        rows >= options.MinimumRows
        && (trainedAt is null || (newRows >= options.MinimumNewRows && at - trainedAt >= options.Every));

    /// <summary>FNV-1a: string.GetHashCode differs at every start.</summary>
    static ulong SeedOf(string role)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in role) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    sealed class Reservoir(int capacity, ulong seed)
    {
        double[] _values = [];
        SplitMix64 _random = new(seed);
        long _seen;

        public RoleModel? Model { get; set; }
        public int Rows { get; private set; }
        public long NewRows { get; private set; }
        public ReadOnlySpan<double> Values => _values.AsSpan(0, Rows * ProcessFeatures.Count);

        public void Add(in ProcessFeatures features)
        {
            _seen++;
            NewRows++;
            var slot = Rows < capacity ? Rows++ : (long)(_random.Fraction() * _seen);
            if (slot >= capacity) return;
            var end = ((int)slot + 1) * ProcessFeatures.Count;
            if (end > _values.Length) Array.Resize(ref _values, Math.Min(Math.Max(end, _values.Length * 2), capacity * ProcessFeatures.Count));
            features.CopyTo(_values.AsSpan(end - ProcessFeatures.Count));
        }

        public void Forget() => (_seen, NewRows) = (Rows, 0);

        public void Save(BinaryWriter to)
        {
            to.Write(NewRows);
            to.Write(_seen);
            Plain.Write(to, _random);
            Plain.Write(to, Values);
            to.Write(Model is not null);
            Model?.Save(to);
        }

        public static Reservoir Load(string role, TrainerOptions options, BinaryReader from)
        {
            var reservoir = new Reservoir(options.Capacity, 0) { NewRows = from.ReadInt64(), _seen = from.ReadInt64(), _random = Plain.Read<SplitMix64>(from) };
            reservoir._values = Plain.ReadArray<double>(from, options.Capacity * ProcessFeatures.Count);
            reservoir.Rows = reservoir._values.Length / ProcessFeatures.Count;
            if (from.ReadBoolean()) reservoir.Model = RoleModel.Load(role, from);
            return reservoir;
        }
    }
}
