using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Platform.Rings;

/// <summary>A host and its ring. <paramref name="Since"/> is when it came into the ring, <paramref name="SeenAt"/> when its host was last seen, exact to the hour.</summary>
internal sealed record RingMember(HostIdentity Host, int Ring, DateTimeOffset Since, DateTimeOffset SeenAt);

/// <summary>What a Change did to the rings of hosts.</summary>
internal sealed record RingMigration(long Change, IReadOnlyList<RingMove> Moves, DateTimeOffset MovedAt, DateTimeOffset? ReturnedAt = null)
{
    public IReadOnlyCollection<RingMove> Back => [.. Moves.Where(m => m.From is not null).Select(m => new RingMove(m.Host, m.To, m.From!.Value))];
}
