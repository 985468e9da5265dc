namespace NrdotConsole.App.Platform.Api;

/// <summary>A caller's mistake: the field, what it held, and what it may hold.</summary>
internal sealed record Fault(string Field, string Value, string Allowed)
{
    public string Message => $"{Field} '{Value}' is not valid: {Allowed}.";
}

/// <summary>Faults of one request as an RFC 9457 problem, keyed by field.</summary>
internal static class FaultResults
{
    public static IResult Problem(IEnumerable<Fault> faults) =>
        Results.ValidationProblem(faults.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Message).ToArray()),
            title: "The request has parameters that are not valid.");
}
