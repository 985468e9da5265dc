using System.Runtime.InteropServices;

namespace NrdotConsole.Benchmarks;

/// <summary>One line a figure: what it is, what was measured, what it is held against, and the aim.</summary>
internal sealed class Report(TextWriter output)
{
    public void Machine() =>
        output.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}. Ratios hold elsewhere, absolute figures do not.");

    public void Section(string title) => output.WriteLine($"\n== {title}");

    public void Ratio(string what, double measured, string unit, string baseline, double against, string aim) =>
        output.WriteLine($"{what,-62} {Short(measured),8} {unit,-14} {Short(measured / against),8} x {baseline} ({Short(against)}); aim {aim}");

    public void Figure(string what, double measured, string unit, string aim) =>
        output.WriteLine($"{what,-62} {Short(measured),8} {unit,-14} aim {aim}");

    public void Note(string text) => output.WriteLine($"   {text}");

    static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e9 => $"{value / 1e9:0.00} G",
        >= 1e6 => $"{value / 1e6:0.00} M",
        >= 1e4 => $"{value / 1e3:0.0} k",
        >= 100 => $"{value:0}",
        >= 10 => $"{value:0.0}",
        _ => $"{value:0.###}",
    };
}
