using NrdotConsole.App.Platform.Rings;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Features.Flags;

/// <summary>The hosts that measure something, by the flags that they have now.</summary>
internal sealed class FlagHosts(IReadOnlyList<HostRow> rows, RingAssignments rings, LiveFlags flags)
{
    public IReadOnlyList<HostRow> Of(string flagKey) =>
        [.. rows.Where(r => flags.Evaluate(flagKey, new HostIdentity(r.Tenant, r.HostKey, r.Name, r.Os), rings.RingOf(r.Tenant, r.HostKey))?.Value == true)];
}
