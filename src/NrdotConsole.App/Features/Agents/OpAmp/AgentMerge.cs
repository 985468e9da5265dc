using System.Text;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Adds what a message tells to what is known. Called under the entry's lock.</summary>
internal static class AgentMerge
{
    /// <returns>What the agent is to be asked for.</returns>
    public static ServerToAgentFlags Merge(this AgentEntry entry, OpAmpServer server, AgentToServer message, AgentTransport transport, string address, DateTimeOffset now)
    {
        var before = entry.Current;
        var known = entry.State.Length > 0;
        // A client that does not count sends no number at all.
        var gap = known && message.SequenceNum != entry.Sequence + 1 && (message.SequenceNum, entry.Sequence) != (0, 0);
        if (gap) entry.Lapsed = (entry.Sequence, now);
        entry.Sequence = message.SequenceNum;

        var agent = before with { LastSeen = now, Connected = true, Transport = transport, Address = address };
        if (transport == AgentTransport.Http && before is { Connected: true, Transport: AgentTransport.Http } && known && !HasParts(message)) entry.SawPoll(now - before.LastSeen);
        if (HasParts(message) || (message.Capabilities != 0 && message.Capabilities != before.Capabilities))
        {
            var merged = MergeState(known ? entry.ReadState() : new(entry.Uid), message);
            entry.State = OpAmpCodec.Write(merged, webSocket: false);
            agent = Describe(agent, merged, entry, server, now);
            server.Directory.Touch(entry);
        }
        if (message.EffectiveConfig is { } effective) agent = TakeEffective(agent, effective, server.Bodies, now);
        if (message.AvailableComponents is { } available && available.Components.Count > 0) server.Components.Add(Convert.ToHexStringLower(available.Hash.Span), available);

        if (agent with { LastSeen = before.LastSeen } == before) AgentDirectory.Seen(entry, now);
        else server.Directory.Publish(entry, agent);
        return Wanted(entry, server, message, gap, now);
    }

    static ServerToAgentFlags Wanted(AgentEntry entry, OpAmpServer server, AgentToServer message, bool gap, DateTimeOffset now)
    {
        var flags = ServerToAgentFlags.None;
        var lacking = gap || !entry.IsDescribed;
        if (lacking && !message.Disconnect && !IsFull(message, entry.Current.Capabilities) && entry.MayAskForState(server.Time))
        {
            server.Counters.AskedFullState();
            flags |= ServerToAgentFlags.ReportFullState;
        }
        if (entry.Current.ComponentsHash is { } hash && entry.Current.Can(AgentCapabilities.ReportsAvailableComponents) && server.Components.IsWanted(hash))
            flags |= ServerToAgentFlags.ReportAvailableComponents;
        return flags;
    }

    /// <summary>All that the agent says it reports is in this one message, as in the first of a program that has just started.</summary>
    static bool IsFull(AgentToServer m, AgentCapabilities can) =>
        m.Description is not null
        && (m.Health is not null || !can.HasFlag(AgentCapabilities.ReportsHealth))
        && (m.EffectiveConfig is not null || !can.HasFlag(AgentCapabilities.ReportsEffectiveConfig))
        && (m.RemoteConfigStatus is not null || !can.HasFlag(AgentCapabilities.ReportsRemoteConfig));

    static bool HasParts(AgentToServer m) =>
        m.Description is not null || m.Health is not null || m.RemoteConfigStatus is not null || m.PackageStatuses is not null
        || m.CustomCapabilities is not null || m.AvailableComponents is not null || m.ConnectionSettingsStatus is not null;

    static AgentToServer MergeState(AgentToServer known, AgentToServer told) => known with
    {
        Description = told.Description ?? known.Description,
        Capabilities = told.Capabilities != 0 ? told.Capabilities : known.Capabilities,
        Health = told.Health ?? known.Health,
        RemoteConfigStatus = told.RemoteConfigStatus ?? known.RemoteConfigStatus,
        PackageStatuses = told.PackageStatuses ?? known.PackageStatuses,
        CustomCapabilities = told.CustomCapabilities ?? known.CustomCapabilities,
        // The list itself is kept once for all agents that have it.
        AvailableComponents = told.AvailableComponents is { } a ? a with { Components = ComponentDetails.NoParts } : known.AvailableComponents,
        ConnectionSettingsStatus = told.ConnectionSettingsStatus ?? known.ConnectionSettingsStatus,
    };

    /// <summary>What the merged state says, in the words of <see cref="Agent"/>.</summary>
    public static Agent Describe(Agent agent, AgentToServer state, AgentEntry entry, OpAmpServer? server, DateTimeOffset now)
    {
        if (state.Description is { } d)
        {
            // Only the first description decides the tenant: an agent does not move by saying so.
            var tenant = entry.TenantSettled || server is null ? agent.Tenant : entry.TenantBy(d, server);
            entry.TenantSettled = true;
            agent = agent with
            {
                Tenant = tenant,
                HostKey = d.Find("host.id") ?? d.Find("host.name") ?? "",
                HostName = d.Find("host.name") ?? d.Find("host.id") ?? agent.InstanceUid,
                Os = d.Find("os.description") ?? d.Find("os.type") ?? "",
                Type = d.Find("service.name") ?? "",
                Version = d.Find("service.version") ?? "",
            };
        }
        if (state.RemoteConfigStatus is { } status && OfferHash.Read(status.LastHash.Span) is var answered && !entry.IsOutdated(answered))
        {
            var reported = answered.Config.Length > 0 ? answered.Config : null;
            var error = status.Error.Length > 0 ? status.Error : null;
            var changed = (agent.ReportedHash, agent.Status, agent.Error) != (reported, status.Status, error);
            agent = agent with { ReportedHash = reported, Status = status.Status, Error = error, StatusAt = changed && server is not null ? now : agent.StatusAt };
        }
        return agent with
        {
            Capabilities = state.Capabilities,
            Healthy = state.Health?.Healthy,
            HealthStatus = state.Health is { Status.Length: > 0 } h ? h.Status : null,
            HealthError = state.Health is { LastError.Length: > 0 } e ? e.LastError : null,
            ComponentsHash = state.AvailableComponents is { Hash.Length: > 0 } c ? Convert.ToHexStringLower(c.Hash.Span) : null,
        };
    }

    /// <summary>It answers an earlier try than the one that was asked for.</summary>
    static bool IsOutdated(this AgentEntry entry, OfferHash answered) => entry.Try != 0 && answered.Config == entry.Current.AssignedHash && answered.Try != entry.Try;

    static string TenantBy(this AgentEntry entry, AgentDescription description, OpAmpServer server)
    {
        // Where the token names a tenant, that one was set when the agent came in.
        var token = entry.Current.TokenId is { } id ? server.Tokens.Find(id) : null;
        return token?.Tenant is null && entry.ParentUid is null ? description.Find("nrdot.tenant") ?? entry.Current.Tenant : entry.Current.Tenant;
    }

    static Agent TakeEffective(Agent agent, AgentConfigMap effective, ConfigBodies bodies, DateTimeOffset now)
    {
        var text = TextOf(effective);
        if (text.Length == 0) return agent with { EffectiveHash = null };
        var hash = ConfigBodies.HashOf(text);
        bodies.Add(hash, text);
        return hash == agent.EffectiveHash ? agent : agent with { EffectiveHash = hash, EffectiveAt = now };
    }

    /// <summary>The files as one text: a lone file as it is, several each under its name.</summary>
    static string TextOf(AgentConfigMap map)
    {
        if (map.Files.Count == 1) return Encoding.UTF8.GetString(map.Files.Values.First().Body.Span);
        var text = new StringBuilder();
        foreach (var (name, file) in map.Files.OrderBy(f => f.Key, StringComparer.Ordinal))
            text.Append("# ").Append(name).Append('\n').Append(Encoding.UTF8.GetString(file.Body.Span)).Append('\n');
        return text.ToString();
    }
}
