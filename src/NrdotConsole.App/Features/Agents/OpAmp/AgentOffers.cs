using System.Text;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>What an agent is offered, and when. Called under the entry's lock.</summary>
internal static class AgentOffers
{
    /// <summary>An offer that was not answered is made again after this: before the next heartbeat, after any that was under way.</summary>
    static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(20);

    /// <summary>An agent that took the offer comes by it within seconds; one that did not failed to.</summary>
    static readonly TimeSpan RepeatSettingsAfter = TimeSpan.FromMinutes(10);

    /// <summary>The assigned configuration, where the agent takes one, has not got this one and was not just offered it.</summary>
    public static AgentRemoteConfig? ConfigToOffer(this AgentEntry entry, OpAmpServer server)
    {
        var agent = entry.Current;
        if (!agent.IsSteered || !agent.Connected || agent.AssignedHash is not { } hash || hash == agent.ReportedHash) return null;
        var now = server.Time.GetUtcNow();
        if (entry.Offered is { } offered && offered.Hash == hash)
        {
            // One that does not report what became of an offer is offered it once a connection: it might apply it each time anew.
            if (!agent.Can(AgentCapabilities.ReportsRemoteConfig) || now - offered.At < RepeatAfter) return null;
        }
        if (server.Bodies.Find(hash) is not { Length: > 0 } yaml) return null;
        entry.Offered = (hash, now);
        server.Counters.OfferedConfig();
        var file = new AgentConfigFile(Encoding.UTF8.GetBytes(yaml), "text/yaml");
        return new(new(new Dictionary<string, AgentConfigFile> { [OpAmpServer.ConfigFileName] = file }), new OfferHash(hash, entry.Try).ToBytes());
    }

    /// <summary>
    /// A secret of its own for an agent that came by an enrolment token, or another heartbeat than it was offered. The offer is made once its
    /// hash is written down: an agent must never hold a secret that the console has forgotten.
    /// </summary>
    public static ConnectionSettingsOffers? SettingsToOffer(this AgentEntry entry, OpAmpServer server, AgentCredential credential, Uri endpoint)
    {
        var agent = entry.Current;
        if (!agent.Connected || !agent.Can(AgentCapabilities.AcceptsOpAmpConnectionSettings)) return null;
        var enrols = credential.Token is not null || (entry.ParentUid is not null && entry.SecretHash is null);
        var paced = credential.Owner is not null && entry.OfferedHeartbeat != server.Settings.HeartbeatSeconds;
        if (!enrols && !paced) return null;
        if (entry.SettingsOffer is not { } offer)
        {
            server.NewSettings(entry, endpoint);
            return null;
        }
        var now = server.Time.GetUtcNow();
        if (!entry.OfferStored || now - entry.SettingsOfferedAt < RepeatSettingsAfter) return null;
        entry.SettingsOfferedAt = now;
        return offer;
    }
}
