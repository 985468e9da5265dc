using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Experiments;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>One run of one definition. It was first seen at <paramref name="StartedAt"/>; <paramref name="EndedAt"/> is null while it runs.</summary>
internal sealed record ExperimentRun(long Id, Experiment Experiment, DateTimeOffset StartedAt, DateTimeOffset? SampledAt, DateTimeOffset? EndedAt, string? WhyEnded)
{
    /// <summary>When arms begin to be compared: after the time before, if it has one.</summary>
    public DateTimeOffset BeginsAt => StartedAt + Experiment.Before;

    public DateTimeOffset EndsAt => BeginsAt + Experiment.Duration;

    /// <summary>How many looks are due by now.</summary>
    public int LooksDue(DateTimeOffset now) => (int)Math.Clamp((now - BeginsAt) / Experiment.LookEvery, 0, Experiment.Looks);
}

/// <summary>Where a host stands now: in an arm, or (null) in none.</summary>
internal sealed record HostArm(string Tenant, string HostKey, bool? IsTreated);

/// <summary>A host that was drawn into an arm. What it tells counts from <paramref name="JoinedAt"/> until it was first seen outside of it.</summary>
internal sealed record ExperimentHost(string Tenant, string HostKey, bool IsTreated, DateTimeOffset JoinedAt, DateTimeOffset? LeftAt);

/// <summary>What one host measured at one time.</summary>
internal sealed record HostSample(string Signal, string Tenant, string HostKey, double Value);

/// <summary>What people have said so far of what began within the run on the hosts of each arm.</summary>
internal sealed record ArmLabels(AnomalyFeedback Control, AnomalyFeedback Treatment);

/// <summary>
/// An experiment as it is shown: its definition, its newest run, and what the last look said. All but the definition is null before it begins;
/// <paramref name="Labels"/> also where no metric asks for them.
/// </summary>
internal sealed record ExperimentView(
    Experiment Experiment, long? RunId, DateTimeOffset? StartedAt, DateTimeOffset? BeginsAt, DateTimeOffset? EndsAt, DateTimeOffset? SampledAt, DateTimeOffset? EndedAt, string? WhyEnded, DateTimeOffset? NextLookAt,
    int ControlHosts, int TreatmentHosts, ArmLabels? Labels, ExperimentReport? Last, IReadOnlyList<ExperimentReport> Looks)
{
    /// <summary>Hosts are watched as they are, before anything is compared.</summary>
    public bool IsInTimeBefore { get; init; }
}
