namespace NrdotConsole.Benchmarks;

/// <summary>One line a figure: what it is, what was measured, what it is held against, and the aim.</summary>
internal sealed class Report(TextWriter output)
{
    public void Section(string title) => output.WriteLine($"\n== {title}");

    public void Ratio(string what, double measured, string unit, string baseline, double against, double aim) =>
        output.WriteLine($"{what,-58} {Short(measured),8} {unit,-18} {measured / against,7:0.0} x {baseline} ({Short(against)}), aim {aim:0.##} x");

    public void Figure(string what, double measured, string unit, string aim) =>
        output.WriteLine($"{what,-58} {Short(measured),8} {unit,-18} aim {aim}");

    static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e9 => $"{value / 1e9:0.00} G",
        >= 1e6 => $"{value / 1e6:0.00} M",
        >= 1e4 => $"{value / 1e3:0.0} k",
        _ => $"{value:0.###}",
    };
}
