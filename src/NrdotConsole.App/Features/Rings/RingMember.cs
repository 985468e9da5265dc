using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Features.Rings;

/// <summary>A host and its ring. <paramref name="Since"/> is when it came into the ring, <paramref name="SeenAt"/> when its host was last seen, exact to the hour.</summary>
internal sealed record RingMember(HostIdentity Host, int Ring, DateTimeOffset Since, DateTimeOffset SeenAt);
