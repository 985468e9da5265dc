using NrdotConsole.App.Platform.Api;

namespace NrdotConsole.App.Features.Anomalies;

/// <summary>Something that was wrong with a process and that no verdict told, as somebody reports it.</summary>
internal sealed record MissedAnomaly(long Id, string Tenant, string HostKey, string HostName, string Executable, DateTimeOffset From, DateTimeOffset To, string Note, string By, DateTimeOffset At);

/// <summary>A report as it is sent. <paramref name="Host"/>: its key or its name; the tenant may be left out where only one has such a host. Times as anywhere in the API: RFC 3339, Unix, now-1h.</summary>
internal sealed record MissedFields(string? Tenant, string? Host, string? Executable, string? From, string? To, string? Note);

/// <summary>What came of a report: it was taken, or why not.</summary>
internal sealed record MissedOutcome(MissedAnomaly? Missed, IReadOnlyList<Fault> Faults, FeedbackRefusal? Refusal = null);
