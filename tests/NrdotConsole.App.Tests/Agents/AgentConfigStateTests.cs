using NrdotConsole.App.Features.Agents;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

public sealed class AgentConfigStateTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    static readonly Agent Agent = new("uid", "default", "web-1", "web-1")
    {
        Capabilities = AgentCapabilities.AcceptsRemoteConfig, Connected = true, LastSeen = Now, AssignedHash = "new", AssignedAt = Now, ReportedHash = "old", Status = RemoteConfigStatuses.Applied,
    };

    [Fact]
    public void States_follow_from_what_is_assigned_what_was_answered_and_when_it_was_heard()
    {
        void Is(AgentConfigState expected, Agent agent) => Assert.Equal(expected, AgentConfigStates.Of(agent, Now));
        var late = Now - TimeSpan.FromMinutes(10);
        Is(AgentConfigState.Pending, Agent);
        Is(AgentConfigState.Applying, Agent with { ReportedHash = "new", Status = RemoteConfigStatuses.Applying });
        Is(AgentConfigState.ConfigApplied, Agent with { ReportedHash = "new" });
        Is(AgentConfigState.Failed, Agent with { ReportedHash = "new", Status = RemoteConfigStatuses.Failed });
        Is(AgentConfigState.Timeout, Agent with { AssignedAt = late });
        Is(AgentConfigState.NotReporting, Agent with { AssignedAt = late, Connected = false, LastSeen = late });
        Is(AgentConfigState.Pending, Agent with { Connected = false, LastSeen = Now - TimeSpan.FromSeconds(60) });
        Is(AgentConfigState.ConfigApplied, Agent with { ReportedHash = "new", Connected = false, LastSeen = late });
        Is(AgentConfigState.Unassigned, Agent with { AssignedHash = null });
        Is(AgentConfigState.NotSteered, Agent with { Capabilities = AgentCapabilities.ReportsStatus });
    }
}
