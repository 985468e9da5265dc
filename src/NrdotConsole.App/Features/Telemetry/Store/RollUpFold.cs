using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>The cells of every series of one metric over one window.</summary>
internal sealed class RollUpFold(StoredMetric metric, long fromMs, long cellMs)
{
    const int MaxSeriesPerBlock = 128;

    readonly int _cells = (int)(RollUp.WindowMs / cellMs);
    readonly SortedDictionary<(uint Host, int Resource, int Attributes), State> _series = [];
    readonly bool _isDelta = metric.Temporality == (int)Temporality.Delta;
    readonly bool _isCumulative = metric.Temporality == (int)Temporality.Cumulative && (metric.Monotonic || metric.Kind != (int)MetricKind.Sum);

    sealed class State
    {
        public RollUpCell[]? Cells;
        public bool HasPrevious;
        public double Previous;
        public List<(long Time, double Value)>? Gathered;
    }

    State Of(uint host, BlockCodec.Reader series)
    {
        var key = (host, series.Resource, series.Attributes);
        if (!_series.TryGetValue(key, out var state)) _series[key] = state = new();
        return state;
    }

    /// <summary>The series has late points: all its points are ordered at the end.</summary>
    public void Gather(uint host, BlockCodec.Reader series) => Of(host, series).Gathered ??= [];

    public void Add(uint host, BlockCodec.Reader series)
    {
        if (series.Times[^1] < fromMs - RollUp.HourMs || series.Times[0] >= fromMs + RollUp.WindowMs) return;
        var state = Of(host, series);
        var times = series.Times;
        var values = series.Values();
        if (state.Gathered is null)
        {
            for (var i = 0; i < times.Length; i++) Add(state, times[i], values[i]);
            return;
        }
        for (var i = 0; i < times.Length; i++) state.Gathered.Add((times[i], values[i]));
    }

    void Add(State state, long time, double value)
    {
        if (StaleMark.Is(value) || time < fromMs - RollUp.HourMs) return;
        var increase = _isDelta ? value : !state.HasPrevious ? 0 : _isCumulative && value < state.Previous ? value : value - state.Previous;
        (state.HasPrevious, state.Previous) = (true, value);
        if (time < fromMs || time >= fromMs + RollUp.WindowMs) return;
        state.Cells ??= new RollUpCell[_cells];
        state.Cells[(time - fromMs) / cellMs].Add(value, increase);
    }

    public void Write(TelemetryDatabase database, BlockLevel level, SqliteTransaction transaction)
    {
        var writer = new BlockCodec.Writer();
        using var compressor = new Compressor(1);
        var times = new long[_cells];
        var column = new double[_cells];
        uint hostFrom = 0, hostTo = 0;
        foreach (var ((host, resource, attributes), state) in _series)
        {
            if (state.Gathered is { } gathered)
                foreach (var (time, value) in gathered.Select((p, i) => (p, i)).OrderBy(p => p.p.Time).ThenBy(p => p.i).Select(p => p.p).DistinctBy(p => p.Time))
                    Add(state, time, value);
            if (state.Cells is not { } cells) continue;
            if (writer.Series == 0) hostFrom = host;
            hostTo = host;
            for (var c = 0; c < RollUpCell.Columns; c++)
            {
                var count = 0;
                for (var i = 0; i < cells.Length; i++)
                {
                    if (cells[i].Points == 0) continue;
                    times[count] = fromMs + i * cellMs;
                    column[count++] = cells[i][c];
                }
                writer.Add(resource, attributes * 8 + c, times.AsSpan(0, count), column.AsSpan(0, count));
            }
            if (writer.Series >= MaxSeriesPerBlock * RollUpCell.Columns) Flush();
        }
        if (writer.Series > 0) Flush();

        void Flush()
        {
            var block = new NewBlock(metric.Id, level, false, writer.FromMs, writer.ToMs, writer.ToMs, hostFrom, hostTo, writer.Series / RollUpCell.Columns, writer.Points, cellMs, []);
            database.AddBlock(block with { Data = compressor.Wrap(writer.Finish()).ToArray() }, transaction);
        }
    }
}
