using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>What all sessions share: who is known, what is assigned, what may be offered, and how much at once.</summary>
internal sealed class OpAmpServer(
    AgentDirectory directory, ConfigBodies bodies, AgentComponents components, AgentSecrets secrets, EnrolmentTokenStore tokens, RestartOrders restarts,
    OpAmpSettings settings, OpAmpCounters counters, TimeProvider time)
{
    public const ServerCapabilities Capabilities =
        ServerCapabilities.AcceptsStatus | ServerCapabilities.OffersRemoteConfig | ServerCapabilities.AcceptsEffectiveConfig
        | ServerCapabilities.AcceptsPackagesStatus | ServerCapabilities.OffersConnectionSettings;

    /// <summary>Name of the one file of a remote configuration. opamp-go's example supervisor ends itself at a map that has nothing by the empty name.</summary>
    public const string ConfigFileName = "";

    /// <summary>Most identifiers given out and not yet used.</summary>
    const int MaxIssued = 10_000;

    readonly MessageRate _rate = new(settings.MaxMessagesPerSecond, 2.0 * settings.MaxMessagesPerSecond, time);
    readonly ConcurrentDictionary<Guid, Guid> _issued = new();
    int _retries;

    public AgentDirectory Directory => directory;
    public ConfigBodies Bodies => bodies;
    public AgentComponents Components => components;
    public AgentSecrets Secrets => secrets;
    public EnrolmentTokenStore Tokens => tokens;
    public RestartOrders Restarts => restarts;
    public OpAmpSettings Settings => settings;
    public OpAmpCounters Counters => counters;
    public TimeProvider Time => time;

    public bool TryTakeMessage() => _rate.TryTake();

    /// <summary>30 to 59 s, each time another, so that those who were sent away do not come back as one. The specification recommends no less.</summary>
    public TimeSpan RetryAfter() => TimeSpan.FromSeconds(30 + ((uint)Interlocked.Increment(ref _retries) % 30));

    /// <summary>An identifier for an agent that has none, or another's; it may come by it with the credential it has.</summary>
    public Guid Issue(AgentCredential credential)
    {
        var uid = Guid.CreateVersion7(time.GetUtcNow());
        if (credential.Owner is null) return uid;
        // Any gives way: its agent is told another identifier, and tries again.
        if (_issued.Count >= MaxIssued) _issued.TryRemove(_issued.Keys.First(), out _);
        _issued[uid] = credential.Owner.Uid;
        return uid;
    }

    /// <summary>True once: from then on the agent stands in the directory, with whom it came from.</summary>
    public bool WasIssuedTo(Guid uid, AgentEntry owner) => _issued.TryRemove(new(uid, owner.Uid));

    /// <summary>A secret of its own for the agent, and where and how often to use it. Called under the entry's lock.</summary>
    public ConnectionSettingsOffers NewSettings(AgentEntry agent, Uri endpoint)
    {
        var secret = Secret.New(AgentSecrets.Prefix);
        var before = agent.NextSecretHash;
        agent.NextSecretHash = Secret.Hash(secret);
        (agent.OfferStored, agent.OfferedHeartbeat) = (false, settings.HeartbeatSeconds);
        secrets.Register(agent, before);
        directory.Touch(agent);
        var heartbeat = agent.Current.Can(AgentCapabilities.ReportsHeartbeat) || agent.Current.Transport == AgentTransport.Http;
        var offer = new ConnectionSettings(endpoint.ToString())
        {
            Headers = [new("Authorization", $"Bearer {secret}")],
            HeartbeatIntervalSeconds = heartbeat ? (ulong)settings.HeartbeatSeconds : 0,
        };
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{endpoint} {secret} {offer.HeartbeatIntervalSeconds}"));
        return agent.SettingsOffer = new(hash) { OpAmp = offer };
    }
}
