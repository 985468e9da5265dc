namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>Which step each of a run of times falls into. Made once for all series that share the times.</summary>
internal sealed class StepTimes(long fromMs, long toMs, long stepMs)
{
    int[] _steps = new int[256];

    /// <summary>The times looked at: from index <see cref="Begin"/> to before <see cref="End"/>.</summary>
    public int Begin { get; private set; }
    public int End { get; private set; }

    /// <summary>How many of them lie before the first step: a rate begins with those.</summary>
    public int Before { get; private set; }

    /// <summary>No two times share a step.</summary>
    public bool IsOnePerStep { get; private set; }

    /// <summary>And no step between is without a time.</summary>
    public bool IsDense { get; private set; }

    /// <summary>A step for each time looked at; -1 before the first step.</summary>
    public ReadOnlySpan<int> Steps => _steps.AsSpan(0, End - Begin);

    /// <param name="times">Ascending; those outside <paramref name="earliest"/> to <paramref name="latest"/> are not looked at.</param>
    public void Set(ReadOnlySpan<long> times, long earliest = long.MinValue, long latest = long.MaxValue)
    {
        (Begin, End) = (Below(times, earliest), Below(times, Math.Min(latest, toMs) + 1));
        End = Math.Max(Begin, End);
        times = times[Begin..End];
        if (_steps.Length < times.Length) _steps = new int[times.Length * 2];
        (Before, IsOnePerStep) = (0, true);
        var step = -1;
        var end = fromMs;
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] < fromMs)
            {
                _steps[i] = -1;
                Before++;
                continue;
            }
            if (times[i] < end) IsOnePerStep = false;
            else if (times[i] < end + stepMs) (step, end) = (step + 1, end + stepMs);
            else (step, end) = Place(times[i]);
            _steps[i] = step;
        }
        IsDense = IsOnePerStep && (Before == times.Length || _steps[times.Length - 1] - _steps[Before] == times.Length - 1 - Before);
    }

    (int Step, long End) Place(long time)
    {
        var step = (int)((time - fromMs) / stepMs);
        return (step, fromMs + (step + 1L) * stepMs);
    }

    static int Below(ReadOnlySpan<long> times, long limit)
    {
        var at = times.BinarySearch(limit);
        return at < 0 ? ~at : at;
    }
}
