namespace NrdotConsole.Core.Profiles;

/// <summary>What a statement or condition is evaluated against: a resource, and one of its data points where the context has one.</summary>
sealed class OttlScope(Dictionary<string, object> resource)
{
    public Dictionary<string, object> Resource { get; } = resource;
    public SimulatedPoint? Point { get; set; }
}

/// <summary>A data point on its way: <paramref name="Value"/> is a long or a double, as the scraper sends it.</summary>
sealed record SimulatedPoint(string Metric, Dictionary<string, object> Attributes, object Value);

/// <summary>A part of the transformation language that is not simulated: what it says is told, not guessed.</summary>
sealed class NotSimulatedException(string what) : Exception(what);
