namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>How one more value changes a step's. A type each, so that the loop over the points has no branch on it.</summary>
internal interface IStepRule
{
    static abstract double Next(double before, bool isFirst, double value);
}

internal readonly struct Total : IStepRule
{
    public static double Next(double before, bool isFirst, double value) => before + value;
}

internal readonly struct Number : IStepRule
{
    public static double Next(double before, bool isFirst, double value) => before + 1;
}

internal readonly struct Smallest : IStepRule
{
    public static double Next(double before, bool isFirst, double value) => isFirst ? value : Math.Min(before, value);
}

internal readonly struct Largest : IStepRule
{
    public static double Next(double before, bool isFirst, double value) => isFirst ? value : Math.Max(before, value);
}
