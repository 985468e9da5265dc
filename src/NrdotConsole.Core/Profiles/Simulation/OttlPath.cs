namespace NrdotConsole.Core.Profiles;

/// <summary>Where a value stands: the attributes of the resource or of the data point, by key, or a field of the metric.</summary>
sealed record OttlPath(OttlPath.Place At, string? Key)
{
    public enum Place { ResourceAttributes, PointAttributes, MetricName, ValueDouble, ValueInt, Text }

    /// <param name="name">As written, without the key in brackets.</param>
    /// <param name="key">In brackets; null for the whole.</param>
    /// <param name="inResource">The statement's context is the resource: a bare <c>attributes</c> is the resource's.</param>
    public static OttlPath Of(string name, string? key, bool inResource) => new(name switch
    {
        "resource.attributes" => Place.ResourceAttributes,
        "attributes" => inResource ? Place.ResourceAttributes : Place.PointAttributes,
        "datapoint.attributes" => Place.PointAttributes,
        "metric.name" or "name" => Place.MetricName,
        "datapoint.value_double" or "value_double" => Place.ValueDouble,
        "datapoint.value_int" or "value_int" => Place.ValueInt,
        // Statements commonly blank these; they say nothing about which process it is.
        "metric.description" or "description" or "metric.unit" or "unit" => Place.Text,
        _ => throw new NotSimulatedException($"the path {name}"),
    }, key);

    public bool IsMap => Key is null && (At is Place.ResourceAttributes or Place.PointAttributes);

    public object? Get(OttlScope scope) => At switch
    {
        Place.MetricName => scope.Point?.Metric,
        Place.ValueDouble => scope.Point?.Value as double? ?? 0.0,
        Place.ValueInt => scope.Point?.Value as long? ?? 0L,
        Place.Text => "",
        _ => Key is null ? null : Attributes(scope)?.GetValueOrDefault(Key),
    };

    public void Set(OttlScope scope, object? value)
    {
        if (At == Place.Text) return;
        if (Key is null || At is not (Place.ResourceAttributes or Place.PointAttributes)) throw new NotSimulatedException($"setting {At}");
        if (value is not null && Attributes(scope) is { } attributes) attributes[Key] = value;
    }

    /// <summary>The map that the path is of; null outside its context.</summary>
    public Dictionary<string, object>? Attributes(OttlScope scope) => At switch
    {
        Place.ResourceAttributes => scope.Resource,
        Place.PointAttributes => scope.Point?.Attributes,
        _ => throw new NotSimulatedException($"{At} as a map"),
    };
}
