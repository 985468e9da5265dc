using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Statistics;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>What people said of anomalies, by host of a run: only what began while the host stood in its arm.</summary>
internal sealed class LabelCounts
{
    readonly List<(bool IsTreated, AnomalyFeedback Feedback)> _hosts;

    public LabelCounts(IReadOnlyList<ExperimentHost> hosts, IReadOnlyList<HostFeedback> said)
    {
        var byHost = said.ToLookup(s => (s.Tenant, s.HostKey));
        _hosts = [.. hosts.Select(h => (h.IsTreated, byHost[(h.Tenant, h.HostKey)].Where(s => s.At >= h.JoinedAt && !(s.At >= h.LeftAt)).Aggregate(default(AnomalyFeedback), (sum, s) => sum + One(s.Kind))))];
    }

    public ArmLabels ByArm => new(Sum(false), Sum(true));

    /// <summary>For the labelled signals among the metrics.</summary>
    public IReadOnlyList<LabelSample> Samples(Experiment experiment) =>
        [.. experiment.Metrics.Select(m => m.Signal).Where(ExperimentSignals.IsLabelled).Distinct().Select(s => new LabelSample(s, Arm(s, false), Arm(s, true)))];

    List<ClusterCount> Arm(string signal, bool isTreated) => [.. _hosts.Where(h => h.IsTreated == isTreated).Select(h => signal == ExperimentSignals.FalsePositiveRate
        ? new ClusterCount(h.Feedback.FalseAlarms, h.Feedback.Labelled) : new(h.Feedback.Real, h.Feedback.Known))];

    AnomalyFeedback Sum(bool isTreated) => _hosts.Where(h => h.IsTreated == isTreated).Aggregate(default(AnomalyFeedback), (sum, h) => sum + h.Feedback);

    static AnomalyFeedback One(FeedbackKind kind) => kind switch { FeedbackKind.Real => new(1, 0, 0, 0), FeedbackKind.FalseAlarm => new(0, 1, 0, 0), _ => new(0, 0, 1, 0) };
}
