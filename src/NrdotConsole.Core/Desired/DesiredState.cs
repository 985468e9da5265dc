using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Tenants;

namespace NrdotConsole.Core.Desired;

/// <summary>
/// All of one commit of the config repository that decides what collectors run: validated, immutable. A file that the commit lacks
/// stands here with its shipped default. <paramref name="Commit"/> is the full commit id, empty for the defaults alone.
/// </summary>
public sealed record DesiredState(
    string Commit, ProfileSet Profiles, ProcessClassification Classification, RingPlan Rings, FlagSet Flags, TenantSet Tenants, FilterSet Filters)
{
    /// <summary>They alter no collector: they watch what rings and flags do.</summary>
    public ExperimentSet Experiments { get; init; } = ExperimentSet.None;
}
