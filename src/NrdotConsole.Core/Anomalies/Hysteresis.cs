namespace NrdotConsole.Core.Anomalies;

public enum AnomalyChange { None, Opened, Updated, Closed }

/// <summary>Opens after <see cref="ToOpen"/> suspicious observations in a row, closes after <see cref="ToClose"/> quiet ones in a row: a flicker does neither.</summary>
struct Hysteresis
{
    public const int ToOpen = 2;
    public const int ToClose = 5;

    byte _run;

    public bool IsOpen { get; private set; }

    /// <summary>How many observations in a row have spoken for the other state.</summary>
    public readonly int Run => _run;

    public AnomalyChange Step(bool suspicious)
    {
        if (suspicious == IsOpen)
        {
            _run = 0;
            return AnomalyChange.None;
        }
        if (++_run < (IsOpen ? ToClose : ToOpen)) return AnomalyChange.None;
        (_run, IsOpen) = (0, !IsOpen);
        return IsOpen ? AnomalyChange.Opened : AnomalyChange.Closed;
    }
}
