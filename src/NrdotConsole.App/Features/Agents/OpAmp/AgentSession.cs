using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <param name="Close">The connection shall end after it: what the agent asks for can never be served over it.</param>
internal readonly record struct AgentReply(ServerToAgent Message, bool Close = false);

/// <summary>
/// One connection of one agent: a message in, its reply out. It knows no transport: a WebSocket keeps one for as long as it stands, plain
/// HTTP makes one for each request. What the agent told last is in its <see cref="AgentEntry"/>, so that it makes no difference.
/// </summary>
internal sealed class AgentSession(OpAmpServer server, AgentCredential credential, AgentTransport transport, string address, Uri endpoint)
{
    /// <summary>More messages than this, at once and a second, are no agent but a loop.</summary>
    const int MessageBurst = 100, MessagesPerSecond = 10;

    /// <summary>A connection that was heard within this time is no leftover of an agent that has come back.</summary>
    static readonly TimeSpan SurelyAlive = TimeSpan.FromSeconds(5);

    readonly MessageRate _rate = new(MessagesPerSecond, MessageBurst, server.Time);
    AgentEntry? _entry;
    (Guid From, Guid To)? _given;

    /// <summary>Asks the connection to say what <see cref="Next"/> has. Set by a connection that can speak unasked; must return at once.</summary>
    public Action? OnWake { get; init; }

    /// <summary>Ends the connection. Set as <see cref="OnWake"/>.</summary>
    public Action? OnEvict { get; init; }

    public DateTimeOffset LastHeard { get; private set; } = server.Time.GetUtcNow();

    public void Wake() => OnWake?.Invoke();

    public AgentReply Receive(AgentToServer message)
    {
        server.Counters.Received();
        if (!_rate.TryTake() || !server.TryTakeMessage()) return Throttled(message.InstanceUid);
        if (message.InstanceUid == Guid.Empty && !message.Flags.HasFlag(AgentToServerFlags.RequestInstanceUid))
            return new(Error(message.InstanceUid, ServerErrorType.BadRequest, "instance_uid is missing: a UUID of 16 bytes."));
        LastHeard = server.Time.GetUtcNow();
        if (Attach(message) is { } refusal) return refusal;
        var entry = _entry!;
        server.Restarts.TryTake(entry);
        lock (entry)
        {
            var flags = entry.Merge(server, message, transport, address, LastHeard);
            if (message.Disconnect) Leave(entry);
            return new(Compose(entry, flags, asked: true)!);
        }
    }

    /// <summary>What the agent is to be told without having asked; null: nothing.</summary>
    public ServerToAgent? Next()
    {
        if (_entry is not { } entry) return null;
        if (entry.Session == this) server.Restarts.TryTake(entry);
        lock (entry) return entry.Session == this ? Compose(entry, ServerToAgentFlags.None, asked: false) : null;
    }

    /// <summary>The connection has ended.</summary>
    public void Close()
    {
        if (_entry is not { } entry) return;
        lock (entry) Leave(entry);
    }

    void Leave(AgentEntry entry)
    {
        if (transport == AgentTransport.WebSocket && entry.Session != this) return;
        entry.Session = null;
        if (entry.Current.Connected) server.Directory.Publish(entry, entry.Current with { Connected = false });
    }

    /// <summary>Finds the agent that the message is of, or makes it. Null, or what is answered instead.</summary>
    AgentReply? Attach(AgentToServer message)
    {
        var uid = message.InstanceUid;
        if (_given is { } given && given.From == uid) return Rename(uid, given.To);
        if (message.Flags.HasFlag(AgentToServerFlags.RequestInstanceUid)) return Rename(uid, server.Issue(credential));
        if (_entry?.Uid == uid && _entry.Session == this) return null;
        Close();
        if (server.Directory.Entry(uid) is not { } entry) return Enrol(uid, message);
        lock (entry)
        {
            if (credential.RefusalFor(entry) is { } why) return Refused(uid, why);
            if (!IsAnother(entry, message))
            {
                Take(entry);
                return null;
            }
        }
        server.Counters.HadConflict();
        return Rename(uid, server.Issue(credential));
    }

    /// <summary>The agent shall come by another identifier; it is made when it does, and what it says until then is passed over.</summary>
    AgentReply Rename(Guid from, Guid to)
    {
        _given = (from, to);
        return new(new(from) { Capabilities = OpAmpServer.Capabilities, NewInstanceUid = to, Flags = ServerToAgentFlags.ReportFullState });
    }

    /// <summary>The identifier is in use by another agent than the one that sent this.</summary>
    bool IsAnother(AgentEntry entry, AgentToServer message)
    {
        // Two that poll by one identifier: their numbers run side by side, and one goes on where the other broke in.
        if (entry.Lapsed is { } lapsed && message.SequenceNum == lapsed.Sequence + 1 && message.SequenceNum != entry.Sequence + 1 && LastHeard - lapsed.At < TimeSpan.FromMinutes(2)) return true;
        if (entry.Session is not { } other || other == this) return false;
        // The same agent come back while its old connection is not yet known to be dead: its numbers go on.
        return !(message.SequenceNum > Math.Max(1, entry.Sequence) && LastHeard - other.LastHeard >= SurelyAlive);
    }

    void Take(AgentEntry entry)
    {
        if (credential is { IsNext: true } && credential.Owner == entry && entry.NextSecretHash is { } next)
        {
            var before = entry.SecretHash;
            (entry.SecretHash, entry.NextSecretHash, entry.SettingsOffer) = (next, null, null);
            server.Secrets.Register(entry, before);
            server.Directory.Publish(entry, entry.Current with { HasOwnSecret = true });
        }
        _entry = entry;
        if (entry.Session != this) entry.Session?.OnEvict?.Invoke();
        entry.Session = transport == AgentTransport.WebSocket ? this : null;
        if (transport == AgentTransport.WebSocket) entry.Offered = null;
    }

    AgentReply? Enrol(Guid uid, AgentToServer message)
    {
        if (server.Directory.Count >= server.Settings.MaxAgents) return Throttled(uid);
        var parent = credential.Owner is { } owner && server.WasIssuedTo(uid, owner) ? owner : null;
        if (credential.Owner is not null && parent is null) return Refused(uid, "This secret is another agent's.");
        if (credential.Token is { } token && !token.TryUse(LastHeard))
            return Refused(uid, token.IsUsedUp ? $"The enrolment token '{token.Name}' has brought in as many agents as it may." : $"The enrolment token '{token.Name}' has ended.");
        var agent = new Agent(uid.ToString(), credential.TenantOr(message.Description?.Find("nrdot.tenant")), "", uid.ToString())
        {
            FirstSeen = LastHeard, LastSeen = LastHeard, Transport = transport, Address = address, TokenId = credential.Token?.Id ?? parent?.Current.TokenId,
        };
        var entry = server.Directory.Add(new(uid, agent) { ParentUid = parent?.Uid });
        lock (entry)
        {
            // Two first messages of one identifier at the same moment: the second one comes again, to a known agent.
            if (entry.Session is not null) return Throttled(uid);
            Take(entry);
        }
        return null;
    }

    /// <summary>Called under the entry's lock.</summary>
    /// <param name="asked">It is a reply, and there always is one; else null where there is nothing to say.</param>
    ServerToAgent? Compose(AgentEntry entry, ServerToAgentFlags flags, bool asked)
    {
        var reply = new ServerToAgent(entry.Uid) { Capabilities = OpAmpServer.Capabilities, Flags = flags };
        if (entry.RestartTaken && entry.Current.Can(AgentCapabilities.AcceptsRestartCommand) && flags == ServerToAgentFlags.None)
        {
            entry.RestartTaken = false;
            return reply with { Command = AgentCommand.Restart };
        }
        var config = entry.ConfigToOffer(server);
        var settings = entry.SettingsToOffer(server, credential, endpoint);
        return asked || config is not null || settings is not null ? reply with { RemoteConfig = config, ConnectionSettings = settings } : null;
    }

    AgentReply Refused(Guid to, string why)
    {
        server.Counters.WasRefused();
        return new(Error(to, ServerErrorType.BadRequest, why), Close: true);
    }

    AgentReply Throttled(Guid to)
    {
        server.Counters.WasThrottled();
        return new(Error(to, ServerErrorType.Unavailable, "The console serves as many agents and messages as it may."));
    }

    ServerToAgent Error(Guid to, ServerErrorType type, string why) =>
        new(to) { Error = new(type, why, type == ServerErrorType.Unavailable ? server.RetryAfter() : null) };
}
