using NrdotConsole.App.Features.Telemetry.Otlp;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>How ingest stands: the counters of the transports and the store, their rates over ten seconds, and what of it is worth an event.</summary>
internal sealed class IngestMeter(SeriesStore store, IngestCounters counters)
{
    const long WindowMs = 10_000;

    /// <summary>Refusals count as over when none came for this long.</summary>
    const long QuietMs = 60_000;

    readonly Queue<Reading> _readings = [];
    SteadyState _refusing, _faulty;

    public IngestSummary Read(DateTimeOffset now)
    {
        var stats = store.Stats();
        var reading = new Reading(now.ToUnixTimeMilliseconds(), counters.Requests, counters.Points, counters.PlainBytes, stats.Refusals.Sum(r => r.Points));
        _readings.Enqueue(reading);
        while (_readings.Count > 1 && reading.UnixMs - _readings.Peek().UnixMs > WindowMs) _readings.Dequeue();
        var first = _readings.Peek();
        var seconds = Math.Max(1, (reading.UnixMs - first.UnixMs) / 1000.0);
        return new(
            now, reading.Requests, reading.Points, reading.Bytes,
            (reading.Requests - first.Requests) / seconds, (reading.Points - first.Points) / seconds, (reading.Bytes - first.Bytes) / seconds,
            counters.ByStatus(), stats.Refusals, stats.LatePoints, stats.DuplicatePoints,
            stats.Series, stats.SeriesLimit, stats.ActiveSeries, stats.Hosts, stats.Health, counters.Senders());
    }

    public void NoteEvents(IngestSummary summary, EventLog events, DateTimeOffset now)
    {
        var isRefusing = _readings.Count > 1 && _readings.Last().Refused > _readings.Peek().Refused;
        if (_refusing.Observe(isRefusing, now.ToUnixTimeMilliseconds(), isRefusing ? 0 : QuietMs))
        {
            var reasons = string.Join("; ", summary.Refusals.Where(r => r.Points > 0).Select(r => $"{r.Points:N0} {Refusals.Explain(r.Reason)}"));
            if (isRefusing) events.Add(now, EventSeverity.Warning, "ingest.refusing", "", "", $"Points are refused. Since the start: {reasons}");
            else events.Add(now, EventSeverity.Info, "ingest.accepting", "", "", "No more points are refused");
        }
        if (!_faulty.Observe(!summary.Store.Writable, now.ToUnixTimeMilliseconds())) return;
        if (!summary.Store.Writable) events.Add(now, EventSeverity.Critical, "store.fault", "", "", summary.Store.Fault ?? "The series store cannot be written");
        else events.Add(now, EventSeverity.Info, "store.recovered", "", "", "The series store can be written again");
    }

    readonly record struct Reading(long UnixMs, long Requests, long Points, long Bytes, long Refused);
}
