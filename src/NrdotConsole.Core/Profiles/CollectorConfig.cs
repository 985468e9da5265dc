namespace NrdotConsole.Core.Profiles;

/// <summary>
/// A complete collector configuration: YAML text, and the lower-case hex SHA-256 of its UTF-8 bytes. The same hash is the same
/// configuration: nothing is sent for it twice.
/// </summary>
public sealed record CollectorConfig(string Yaml, string Hash)
{
    /// <summary>What the collector lacks the components for, in words; empty for one that has them all.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];
}

/// <summary>Where collectors send to. The values stand in the rendered YAML as they are: secrets are references such as <c>${env:NEW_RELIC_LICENSE_KEY}</c>.</summary>
public sealed record CollectorEndpoints(string ConsoleOtlp)
{
    public string ConsoleToken { get; init; } = "${env:NRDOT_INGEST_TOKEN}";
    public string NewRelicOtlp { get; init; } = "${env:OTEL_EXPORTER_OTLP_ENDPOINT:-https://otlp.nr-data.net}";
    public string NewRelicKey { get; init; } = "${env:NEW_RELIC_LICENSE_KEY}";
}
