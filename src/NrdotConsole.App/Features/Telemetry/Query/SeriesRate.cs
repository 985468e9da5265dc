using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>
/// The rate a second of one series in each step, as PromQL defines <c>rate</c>, without its holes between two windows.
/// <para>
/// A cumulative sum rises evenly from one point to the next; where it falls, it began again at zero and rose by all it now shows. What a delta
/// point counts happened evenly since the point before it. A step's rate is what it rose within the step by the seconds of the step that its
/// points cover, carried on to the step's ends where those lie nearer than 1.1 intervals of the points, else by half an interval: a process that
/// lives for a part of a step counts for that part only. The last step ends where the query does, and a series goes on to there in the same way.
/// </para>
/// Points further apart than <paramref name="longestGapMs"/> do not fill the steps between them: the rise shows in the step of the latter.
/// A cumulative sum's first point tells no rate; a delta point with none near before it is counted whole in its step.
/// </summary>
internal sealed class SeriesRate(StepGroup group, FoldRule rule, long fromMs, long toMs, long stepMs, long longestGapMs)
{
    const double NearIntervals = 1.1;

    const long None = long.MinValue;

    long _previousMs = None;
    double _previous;
    bool _previousIsCell;

    int _step = -1;
    double _rise, _perMs;
    long _covered, _firstMs, _lastMs, _interval;

    /// <summary>Ascending. A point that is not later than the one before it begins anew.</summary>
    public void Add(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var (time, value) = (times[i], values[i]);
            if (StaleMark.Is(value)) continue;
            var isPair = _previousMs != None && _previousMs < time;
            // When a cell's newest point came is not known, so what happened from there to here is not counted: the rest makes the step's rate.
            if (rule == FoldRule.Delta) AddDelta(isPair ? _previousMs : None, time, value);
            else if (isPair && !_previousIsCell) Rise(_previousMs, time, rule == FoldRule.Cumulative && value < _previous ? value : value - _previous, longestGapMs);
            (_previousMs, _previous, _previousIsCell) = (time, value, false);
        }
    }

    void AddDelta(long before, long time, double value)
    {
        if (before != None && time - before <= longestGapMs) Rise(before, time, value, longestGapMs);
        else if (time >= fromMs && time <= toMs) (group.Value[StepOf(time)], group.Has[StepOf(time)]) = (group.Value[StepOf(time)] + value * 1000 / stepMs, true);
    }

    /// <summary>A minute or an hour of a roll-up.</summary>
    /// <param name="points">How many it holds: the first cell's first point tells no rise.</param>
    public void AddCell(long time, long widthMs, double points, double increase)
    {
        var end = time + widthMs;
        var first = rule == FoldRule.Delta ? time : time + (long)(widthMs / points);
        Rise(_previousMs != None && _previousMs <= time ? _previousMs : first, end, increase, Math.Max(longestGapMs, widthMs));
        (_previousMs, _previousIsCell) = (end, true);
    }

    void Rise(long from, long until, double rise, long longestMs)
    {
        if (until <= from || until <= fromMs || from >= toMs) return;
        _perMs = rise / (until - from);
        var begin = Math.Max(from, fromMs);
        if (until - from > longestMs) begin = Math.Max(begin, fromMs + (until - 1 - fromMs) / stepMs * stepMs);
        for (var end = Math.Min(until, toMs); begin < end;)
        {
            var step = StepOf(begin);
            var to = Math.Min(end, fromMs + (step + 1) * stepMs);
            if (step != _step) Open(step, begin);
            _rise += _perMs * (to - begin);
            _covered += to - begin;
            (_lastMs, _interval) = (to, until - from);
            begin = to;
        }
    }

    int StepOf(long time) => (int)((time - fromMs) / stepMs);

    void Open(int step, long at)
    {
        Close();
        (_step, _rise, _covered, _firstMs) = (step, 0, 0, at);
    }

    /// <summary>To be called once, behind the last point.</summary>
    public void Finish()
    {
        // A series that only has not reported again yet stands in the newest steps too: else every sum would fall at its right end.
        if (_step >= 0 && toMs > _lastMs && toMs - _lastMs < NearIntervals * _interval) Rise(_lastMs, toMs, _perMs * (toMs - _lastMs), longestGapMs);
        Close();
    }

    void Close()
    {
        if (_step < 0 || _covered == 0) return;
        var begin = fromMs + _step * stepMs;
        var end = Math.Min(begin + stepMs, toMs);
        var known = _lastMs - _firstMs + CarriedOn(_firstMs - begin) + CarriedOn(end - _lastMs);
        group.Value[_step] += _rise / _covered * known / (end - begin) * 1000;
        group.Has[_step] = true;
        _covered = 0;
    }

    double CarriedOn(long gapMs) => gapMs < NearIntervals * _interval ? gapMs : _interval / 2.0;
}
