using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>A metric as lists show it: each unit, kind and temporality of a name by itself.</summary>
internal sealed record MetricRow(
    string Name, string Unit, MetricKind Kind, Temporality Temporality, bool IsMonotonic, string Description, int Series, int ActiveSeries, long Points, DateTimeOffset? LastReceived);
