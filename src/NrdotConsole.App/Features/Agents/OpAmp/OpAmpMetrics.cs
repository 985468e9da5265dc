using System.Text.Json;
using NrdotConsole.App.Platform.Prometheus;

namespace NrdotConsole.App.Features.Agents;

/// <summary>The fleet's agents and the OpAMP server's own counts, for <c>/metrics</c>.</summary>
internal static class OpAmpMetrics
{
    public static void Write(PrometheusText text, IEnumerable<Agent> agents, OpAmpCounters counters, DateTimeOffset now)
    {
        var states = new Dictionary<(string Tenant, AgentConfigState State), int>();
        var connected = new Dictionary<(string Tenant, AgentTransport Transport), int>();
        foreach (var agent in agents)
        {
            var state = (agent.Tenant, AgentConfigStates.Of(agent, now));
            states[state] = states.GetValueOrDefault(state) + 1;
            var transport = (agent.Tenant, agent.Transport);
            connected[transport] = connected.GetValueOrDefault(transport) + (agent.Connected ? 1 : 0);
        }
        text.Gauge("nrdot_agents", "Agents known, by how far they are with the configuration that is assigned to them.");
        foreach (var ((tenant, state), count) in states.OrderBy(s => s.Key)) text.Sample(count, ("tenant", tenant), ("state", Word(state)));
        text.Gauge("nrdot_agents_connected", "Agents connected now; one that polls is while it keeps polling.");
        foreach (var ((tenant, transport), count) in connected.OrderBy(c => c.Key)) text.Sample(count, ("tenant", tenant), ("transport", Word(transport)));

        text.Gauge("nrdot_console_opamp_connections", "OpAMP WebSockets that stand now.").Sample(counters.Connections);
        text.Counter("nrdot_console_opamp_messages_total", "OpAMP messages from agents since the start.").Sample(counters.Messages);
        text.Counter("nrdot_console_opamp_bytes_total", "Bytes of OpAMP messages, uncompressed.")
            .Sample(counters.BytesReceived, ("direction", "received")).Sample(counters.BytesSent, ("direction", "sent"));
        text.Counter("nrdot_console_opamp_refusals_total", "Messages and connections that were not served, by reason.")
            .Sample(counters.Malformed, ("reason", "malformed")).Sample(counters.TooLarge, ("reason", "too_large")).Sample(counters.Throttled, ("reason", "throttled"))
            .Sample(counters.Unauthenticated, ("reason", "unauthenticated")).Sample(counters.Refused, ("reason", "refused"));
        text.Counter("nrdot_console_opamp_identifier_conflicts_total", "Agents that came with an identifier that another one was using.").Sample(counters.Conflicts);
        text.Counter("nrdot_console_opamp_full_state_requests_total", "Times that an agent was asked to tell everything again.").Sample(counters.FullStatesAsked);
        text.Counter("nrdot_console_opamp_config_offers_total", "Configurations offered to agents, repeats among them.").Sample(counters.ConfigsOffered);
    }

    static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
