using NrdotConsole.App.Platform.Live;

namespace NrdotConsole.App.Features.Agents;

/// <summary>All agents at one moment, by host name.</summary>
internal sealed record AgentsSummary(DateTimeOffset At, IReadOnlyList<Agent> Agents);

/// <summary>The agents as pages watch them: one list for all viewers, made anew only while somebody watches.</summary>
internal sealed class AgentBoard(AgentDirectory directory, TimeProvider time)
{
    static readonly TimeSpan HeartbeatsEvery = TimeSpan.FromSeconds(10);

    readonly Live<AgentsSummary> _agents = new();
    long _version = -1;

    /// <summary>Published once a second at most, where an agent changed; heartbeats alone, which move only ages, every ten.</summary>
    public Live<AgentsSummary> Agents
    {
        get
        {
            if (!_agents.IsWatched) Refresh();
            return _agents;
        }
    }

    public void Tick()
    {
        if (_agents.IsWatched) Refresh();
    }

    void Refresh()
    {
        var (version, now) = (directory.Version, time.GetUtcNow());
        if (version == _version && now - _agents.Current?.At < HeartbeatsEvery) return;
        _version = version;
        _agents.Publish(new(now, [.. directory.All.OrderBy(a => a.HostName, StringComparer.Ordinal).ThenBy(a => a.InstanceUid, StringComparer.Ordinal)]));
    }
}
