using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>How one series' points enter the answer.</summary>
internal enum FoldRule
{
    /// <summary>Its own values, reduced as the query says.</summary>
    Level,

    /// <summary>The sum of the points is what happened: a sum or a histogram's part in delta temporality.</summary>
    Delta,

    /// <summary>The difference of two points is what happened; a smaller value than before means the sender began again at zero.</summary>
    Cumulative,
}

/// <summary>A series that the query matches, and the state of its fold.</summary>
internal sealed class QueriedSeries(int group, Labels labels, FoldRule rule, string part)
{
    public int Group { get; } = group;
    public Labels Labels { get; } = labels;
    public FoldRule Rule { get; } = rule;
    public string Part { get; } = part;

    /// <summary>The point before, and the step whose last value is not yet added.</summary>
    public bool HasPrevious;
    public double PreviousValue;
    public int OpenStep = -1;
    public double OpenValue;
    public bool OpenRecorded;

    /// <summary>Where the query asks for rates.</summary>
    public SeriesRate? Rate;

    /// <summary>Its points come from late blocks too: they are gathered, ordered, and folded at the end.</summary>
    public List<QueryPoint>? Gathered;
}
