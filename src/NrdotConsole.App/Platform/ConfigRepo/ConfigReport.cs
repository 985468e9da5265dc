using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>What a set of files means, and all that is wrong with it. Both are null where there is an error; warnings alone leave them whole.</summary>
/// <param name="Rules">How Changes are reviewed and when they rest (<c>changes.yaml</c>).</param>
internal sealed record ConfigReport(DesiredState? State, ChangeRules? Rules, IReadOnlyList<ConfigFault> Faults)
{
    public bool IsValid => State is not null;

    public IEnumerable<ConfigFault> Errors => Faults.Where(f => f.Severity == FaultSeverity.Error);
}

/// <summary>A commit that does not validate was asked for as if it did.</summary>
internal sealed class InvalidConfigException(string commit, ConfigReport report)
    : Exception($"Commit {commit} of the config repository does not validate: {report.Errors.FirstOrDefault()}")
{
    public ConfigReport Report => report;
}
