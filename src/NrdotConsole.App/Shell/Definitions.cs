namespace NrdotConsole.App.Shell;

/// <summary>What each signal means, in the words that every page's "what is this?" shows.</summary>
internal static class Definitions
{
    public static readonly (string Text, string Formula) Coverage = (
        "Of the processes known to run, how many report freshly, each weighed by its importance. Unknown, not zero, where no host says what it runs.",
        "score = sum of importance of fresh processes / sum of importance of known processes\nknown: seen in the last day and not gone, or declared");

    public static readonly (string Text, string Formula) Cost = (
        "What the vendor would bill for the telemetry at its present rate, from measured uncompressed OTLP bytes and the price in force.",
        "$ an hour = bytes a second x 3600 / 1e9 x $ a GB\nprojection = measured so far + present rate x time left");

    public static readonly (string Text, string Formula) Cardinality = (
        "Active series had a point in the last 5 minutes. Daily identities are distinct series since midnight UTC: the vendor's limits count those.",
        "growth = active now / active one hour ago - 1\nabove the exact limit: HyperLogLog, its standard error is shown");

    public static readonly (string Text, string? Formula) Anomalies = (
        "Each process on each host is watched by three detectors: EWMA for sudden change, a robust z-score for unusual values, an isolation forest for unusual combinations. A verdict opens when they agree and is never changed in hindsight.",
        null);
}
