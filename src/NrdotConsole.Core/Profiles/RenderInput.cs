using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Tenants;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// All that decides a host's collector configuration; nothing of it names the host. Hosts with equal inputs share one text and one hash.
/// <paramref name="FlagsOn"/> are the flags that are on for the host: their fragments are merged in the order of their keys.
/// </summary>
public sealed record RenderInput(
    Profile Profile, int Ring, Tenant? Tenant, IReadOnlyList<Flag> FlagsOn, FilterSet Filters,
    ProcessClassification Classification, TenantSet Tenants, CollectorEndpoints Endpoints)
{
    /// <summary>Executables that operators declared: never dropped, whatever their class.</summary>
    public IReadOnlyList<string> Declared { get; init; } = Classification.Declared;

    /// <summary>What the host's collector is built of; null for a current one, which has all that is rendered, by its current names.</summary>
    public ComponentSet? Components { get; init; }
}
