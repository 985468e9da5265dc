namespace NrdotConsole.Protocol.OpAmp.Client;

/// <summary>
/// An agent's side of the conversation, without sockets: what is still to be told, and what the server's flags ask for. Unchanged
/// parts are left out. Safe to use from several threads.
/// </summary>
public sealed class AgentConversation
{
    readonly Lock _lock = new();
    readonly AgentCapabilities _capabilities;
    AgentToServer _whole;
    AgentToServer _news;

    /// <summary>Counts from 1; the specification's 0 could not be told from a message without one.</summary>
    ulong _sequence;

    public AgentConversation(Guid instanceUid, AgentDescription description, AgentCapabilities capabilities)
    {
        _capabilities = capabilities;
        _whole = new(instanceUid) { Description = description };
        _news = _whole;
    }

    public Guid InstanceUid
    {
        get
        {
            lock (_lock) return _whole.InstanceUid;
        }
    }

    /// <summary>Whether something waits to be told.</summary>
    public bool HasNews
    {
        get
        {
            lock (_lock) return !Equals(_news, new AgentToServer(_news.InstanceUid));
        }
    }

    public void Tell(AgentDescription description) => Note(m => m with { Description = description });
    public void Tell(ComponentHealth health) => Note(m => m with { Health = health });
    public void Tell(AgentConfigMap effective) => Note(m => m with { EffectiveConfig = effective });
    public void Tell(RemoteConfigStatus status) => Note(m => m with { RemoteConfigStatus = status });
    public void Tell(ConnectionSettingsStatus status) => Note(m => m with { ConnectionSettingsStatus = status });
    public void Tell(AvailableComponents components) => Note(m => m with { AvailableComponents = components });

    /// <summary>A new connection: everything is told again.</summary>
    public void Begin()
    {
        lock (_lock) _news = _whole;
    }

    /// <summary>The next message: what is news, or a heartbeat.</summary>
    public AgentToServer Next()
    {
        lock (_lock)
        {
            var message = _news with { SequenceNum = ++_sequence, Capabilities = _capabilities };
            _news = new(_whole.InstanceUid);
            return message;
        }
    }

    /// <summary>The agent's farewell.</summary>
    public AgentToServer Goodbye()
    {
        lock (_lock) return new(_whole.InstanceUid) { SequenceNum = ++_sequence, Capabilities = _capabilities, Disconnect = true };
    }

    /// <summary>Heeds the flags and a new identifier. What else the server says is for the agent.</summary>
    /// <returns>Whether the identifier is a new one.</returns>
    public bool Heed(ServerToAgent message)
    {
        lock (_lock)
        {
            if (message.Flags.HasFlag(ServerToAgentFlags.ReportFullState)) _news = _whole;
            else if (message.Flags.HasFlag(ServerToAgentFlags.ReportAvailableComponents)) _news = _news with { AvailableComponents = _whole.AvailableComponents };
            if (message.NewInstanceUid is not { } uid || uid == _whole.InstanceUid) return false;
            (_whole, _news) = (_whole with { InstanceUid = uid }, _whole with { InstanceUid = uid });
            return true;
        }
    }

    void Note(Func<AgentToServer, AgentToServer> change)
    {
        lock (_lock) (_whole, _news) = (change(_whole), change(_news));
    }
}
