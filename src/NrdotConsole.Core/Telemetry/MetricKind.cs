namespace NrdotConsole.Core.Telemetry;

/// <summary>The five point kinds of the OpenTelemetry metrics data model.</summary>
public enum MetricKind : byte { Gauge, Sum, Histogram, ExponentialHistogram, Summary }

/// <summary>What a sum's or histogram's value is relative to: the start of the series, or the previous point.</summary>
public enum Temporality : byte { Unspecified, Delta, Cumulative }
