namespace NrdotConsole.Core.Telemetry;

/// <summary>What is kept of one series for a minute or an hour. Values that no point recorded count nowhere.</summary>
public struct RollUpCell
{
    /// <summary>The cell's numbers in a block: the series' attributes x 8 + the column.</summary>
    public const int Columns = 6, Count = 0, Sum = 1, Min = 2, Max = 3, Last = 4, Increase = 5;

    public double Points, Total, Smallest, Largest, Newest;

    /// <summary>What happened in the cell: of delta points their sum, of others the difference to the point before; a cumulative sum that fell began again at zero.</summary>
    public double Happened;

    public void Add(double value, double increase)
    {
        Smallest = Points == 0 ? value : Math.Min(Smallest, value);
        Largest = Points == 0 ? value : Math.Max(Largest, value);
        Points++;
        Total += value;
        Newest = value;
        Happened += increase;
    }

    public readonly double this[int column] => column switch
    {
        Count => Points,
        Sum => Total,
        Min => Smallest,
        Max => Largest,
        Last => Newest,
        _ => Happened,
    };
}
