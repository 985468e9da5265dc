namespace NrdotConsole.App.Platform.Prometheus;

/// <summary>What a feature adds to <c>/metrics</c>; registered by its module. Called at each scrape: it reads what is in memory.</summary>
internal sealed record MetricSource(Action<PrometheusText> Write);
