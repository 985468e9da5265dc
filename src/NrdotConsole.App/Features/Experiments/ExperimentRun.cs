using NrdotConsole.Core.Experiments;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>One run of one definition. <paramref name="EndedAt"/> is null while it runs.</summary>
internal sealed record ExperimentRun(long Id, Experiment Experiment, DateTimeOffset StartedAt, DateTimeOffset? SampledAt, DateTimeOffset? EndedAt, string? WhyEnded)
{
    public DateTimeOffset EndsAt => StartedAt + Experiment.Duration;

    /// <summary>How many looks are due by now.</summary>
    public int LooksDue(DateTimeOffset now) => (int)Math.Clamp((now - StartedAt) / Experiment.LookEvery, 0, Experiment.Looks);
}

/// <summary>What one host measured at one time.</summary>
internal sealed record HostSample(string Signal, string Tenant, string HostKey, bool IsTreated, double Value);

/// <summary>An experiment as it is shown: its definition, its newest run, and what the last look said. All but the definition is null before it begins.</summary>
internal sealed record ExperimentView(
    Experiment Experiment, long? RunId, DateTimeOffset? StartedAt, DateTimeOffset? EndsAt, DateTimeOffset? SampledAt, DateTimeOffset? EndedAt, string? WhyEnded, DateTimeOffset? NextLookAt,
    int ControlHosts, int TreatmentHosts, ExperimentReport? Last, IReadOnlyList<ExperimentReport> Looks);
