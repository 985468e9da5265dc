using NrdotConsole.App.Shell;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.App.Features.Validation;

/// <summary>Values and bounds of checks as people read them.</summary>
internal static class CheckWords
{
    public static string Value(CheckUnit unit, double? value) => unit switch
    {
        _ when value is null => Format.Unknown,
        CheckUnit.Ratio => Format.Percent(value),
        CheckUnit.CoreShare => Format.Percent(value) + " of a core",
        CheckUnit.PointsPerSecond => Format.PointsPerSecond(value),
        _ => Format.Count((long)value.Value),
    };

    public static string Bound(DayOneCheck check) => check.Bound switch
    {
        { AtLeast: { } least } => $"at least {Value(check.Unit, least)}",
        { AtMost: 0 } => "none",
        { AtMost: { } most } => $"at most {Value(check.Unit, most)}",
        { Below: { } below } => $"below {Value(check.Unit, below)}",
        _ => "",
    };

    public static string Tone(CheckVerdict verdict) => verdict switch { CheckVerdict.Pass => "good", CheckVerdict.Fail => "bad", _ => "hollow" };

    public static string Hosts(DayOneCheck check) => (check.Failing, check.Unknown) switch
    {
        (0, 0) when check.Verdict == CheckVerdict.Fail => "together",
        (0, 0) => check.Hosts == 1 ? "its host" : $"all {Format.Count(check.Hosts)} hosts",
        (0, var unknown) => $"{Format.Count(unknown)} of {Format.Count(check.Hosts)} without data",
        (var failing, 0) => $"{Format.Count(failing)} of {Format.Count(check.Hosts)} fail",
        var (failing, unknown) => $"{Format.Count(failing)} of {Format.Count(check.Hosts)} fail, {Format.Count(unknown)} without data",
    };
}
