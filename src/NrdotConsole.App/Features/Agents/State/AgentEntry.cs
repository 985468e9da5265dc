using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// What the console holds of one agent. <see cref="Current"/> is read by anybody; everything else is touched under the entry's lock.
/// </summary>
internal sealed class AgentEntry(Guid uid, Agent agent)
{
    const double MaxAsks = 5, AsksPerSecond = 0.1;

    /// <summary>How often a client polls that was told nothing else: the specification's 30 s. One that polls more seldom is away in between.</summary>
    static readonly TimeSpan s_longestPoll = TimeSpan.FromSeconds(30);

    Agent _current = agent;

    public Guid Uid { get; } = uid;

    public Agent Current => Volatile.Read(ref _current);

    /// <summary>All that the agent told, merged, in protobuf; without its effective configuration. Kept small: it is decoded when a part changes or somebody looks.</summary>
    public byte[] State { get; set; } = [];

    public ulong Sequence { get; set; }

    /// <summary>Longest pause seen before a message that told nothing new; null: none was seen yet.</summary>
    TimeSpan? _polls;

    /// <summary>
    /// A client that takes no connection settings, or has no heartbeat, polls at a pace of its own. Only messages that tell nothing new show
    /// it: news comes between.
    /// </summary>
    public void SawPoll(TimeSpan pause) => _polls = TimeSpan.FromTicks(Math.Max(_polls?.Ticks ?? 0, Math.Min(pause.Ticks, s_longestPoll.Ticks)));

    /// <summary>An agent that polls and was not heard for so long is away: three of its intervals, or of the offered ones where those are longer.</summary>
    public TimeSpan PollSilence(OpAmpSettings settings) => 3 * TimeSpan.FromTicks(Math.Max((_polls ?? s_longestPoll).Ticks, TimeSpan.FromSeconds(settings.HeartbeatSeconds).Ticks));

    /// <summary>Where an older run of numbers ended before the last gap, and when: a message that goes on from there is another agent of the same identifier.</summary>
    public (ulong Sequence, DateTimeOffset At)? Lapsed { get; set; }

    /// <summary>The tenant was decided with the description at hand.</summary>
    public bool TenantSettled { get; set; }

    /// <summary>The connection that serves it; null while none stands.</summary>
    public AgentSession? Session { get; set; }

    public Guid? ParentUid { get; set; }
    public string? SecretHash { get; set; }
    public string? NextSecretHash { get; set; }

    /// <summary>Of the offer that holds the next secret. Null once it is too long ago, or was never made.</summary>
    public ConnectionSettingsOffers? SettingsOffer { get; set; }
    public DateTimeOffset SettingsOfferedAt { get; set; } = DateTimeOffset.MinValue;
    public int? OfferedHeartbeat { get; set; }

    /// <summary>The hash of the offer's secret stands in the database.</summary>
    public bool OfferStored { get; set; }

    /// <summary>When a person ordered a restart that waits to be delivered (<see cref="RestartOrders"/>).</summary>
    public DateTimeOffset? RestartOrderedAt { get; set; }

    /// <summary>The order's row is gone: it is sent with what the agent is told next.</summary>
    public bool RestartTaken { get; set; }

    /// <summary>When the agent was last offered a configuration and which, by whatever connection.</summary>
    public (string Hash, DateTimeOffset At)? Offered { get; set; }

    /// <summary>Which further try of the assigned configuration a person asked for last, as in <see cref="OfferHash"/>.</summary>
    public uint Try { get; set; }

    /// <summary>Asks for its full state left for now, and since when: two that answer each other's gaps must not do so for ever.</summary>
    (double Left, DateTimeOffset At) _asks = (MaxAsks, DateTimeOffset.MinValue);

    /// <summary>It stands in the database.</summary>
    public bool Stored { get; set; }

    /// <summary>1 while it waits to be written.</summary>
    public int Dirty;

    public DateTimeOffset StoredLastSeen { get; set; }

    /// <summary>The agent has told what it is, at some time.</summary>
    public bool IsDescribed => TenantSettled;

    public bool MayAskForState(TimeProvider time)
    {
        var now = time.GetUtcNow();
        var left = Math.Min(MaxAsks, _asks.Left + ((now - _asks.At).TotalSeconds * AsksPerSecond));
        _asks = (left < 1 ? left : left - 1, now);
        return left >= 1;
    }

    public void Set(Agent agent) => Volatile.Write(ref _current, agent);

    /// <summary>What the agent told of itself, decoded.</summary>
    public AgentToServer ReadState() =>
        OpAmpCodec.ReadAgentToServer(State, out var fault) ?? throw new InvalidOperationException($"The kept state of agent {Uid} is damaged: {fault}");
}
