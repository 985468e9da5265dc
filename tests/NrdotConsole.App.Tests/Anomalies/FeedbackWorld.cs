using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Anomalies;

/// <summary>Verdicts, labels and reports on a real database, with three hosts that are heard.</summary>
internal sealed class FeedbackWorld : IDisposable
{
    public static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    public static readonly Actor Ann = new("ann", ActorKind.User), Bob = new("bob", ActorKind.User);

    readonly TempDirectory _directory = new();

    public FeedbackWorld()
    {
        Database = _directory.OpenDatabase(Time);
        Audit = new(Database, Time);
        Board = new(Time);
        Verdicts = new(Database);
        Labels = new(Database, Audit, News, Time);
        Missed = new(Database, Audit, News, Board, Time);
        Feedback = new(Database);
        Board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, 3, new Dictionary<HostHealth, int>(), [Row("prod", "h1", "web-1"), Row("prod", "h2", "web-2"), Row("lab", "h9", "web-1")]));
    }

    public FakeTimeProvider Time { get; } = new(At);
    public ConsoleDatabase Database { get; }
    public AuditLog Audit { get; }
    public SignalBoard Board { get; }
    public FeedbackNews News { get; } = new();
    public VerdictStore Verdicts { get; }
    public LabelStore Labels { get; }
    public MissedStore Missed { get; }
    public FeedbackStore Feedback { get; }

    public void Dispose()
    {
        Database.Dispose();
        _directory.Dispose();
    }

    public static AnomalyVerdict Verdict(long id, string tenant = "prod", string host = "h1", double minutesAgo = 30, double? lasted = 5) => new(
        id, tenant, host, "web-1", "java", "app", AnomalyLevel.High, 0.7, At.AddMinutes(-minutesAgo), lasted is { } l ? At.AddMinutes(l - minutesAgo) : null, "cpu 90 %, usually 10 %", [], new Dictionary<string, double>());

    /// <summary>A report of what was wrong from so many minutes ago, for so many minutes.</summary>
    public static MissedFields Report(string host = "h1", string? tenant = "prod", string executable = "java", double minutesAgo = 60, double lasted = 10, string note = "it leaked") =>
        new(tenant, host, executable, At.AddMinutes(-minutesAgo).ToString("O"), At.AddMinutes(lasted - minutesAgo).ToString("O"), note);

    public Task<LabelOutcome> LabelAsync(AnomalyLabel? label, params long[] ids) => Labels.SetAsync(Ann, null, ids, label, null);

    public Task<AnomalyFeedback> RatesAsync(string? tenant = null, string? host = null, double minutes = 60) => Feedback.ReadAsync(new(tenant, host), At.AddMinutes(-minutes), At);

    public async Task<IReadOnlyList<AuditRow>> DeedsAsync() => (await Audit.ReadAsync(new(Action: "anomaly."), 0, 1000)).Rows;

    static HostRow Row(string tenant, string key, string name) => new(tenant, key, name, HostHealth.Healthy, "", "", "", "linux", At, 100, 100, 0.01m, 1, 0, null);
}
