using System.Text;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>What agents say in these tests.</summary>
internal static class Told
{
    public const AgentCapabilities Steered =
        AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig
        | AgentCapabilities.ReportsEffectiveConfig | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat;

    /// <summary>The first message of a program that has just started.</summary>
    public static AgentToServer First(Guid uid, string host = "web-1", ulong sequence = 1, AgentCapabilities can = Steered, params (string Key, string Value)[] more) => new(uid)
    {
        SequenceNum = sequence,
        Capabilities = can,
        Description = new(
            [new("service.name", "nrdot-collector"), new("service.version", "2.3.0")],
            [new("host.id", $"id-of-{host}"), new("host.name", host), new("os.type", "linux"), .. more.Select(m => new KeyValue(m.Key, m.Value))]),
        Health = new(true) { Status = "StatusOK", StartTimeUnixNano = 1 },
        EffectiveConfig = Effective("receivers: {}"),
        RemoteConfigStatus = new(default, RemoteConfigStatuses.Unset),
    };

    public static AgentToServer Heartbeat(Guid uid, ulong sequence) => new(uid) { SequenceNum = sequence, Capabilities = Steered };

    public static AgentToServer Status(Guid uid, ulong sequence, ServerToAgent offer, RemoteConfigStatuses status, string error = "") =>
        new(uid) { SequenceNum = sequence, Capabilities = Steered, RemoteConfigStatus = new(offer.RemoteConfig!.Hash, status, error) };

    public static AgentConfigMap Effective(string yaml) => new(new Dictionary<string, AgentConfigFile> { [""] = new(Encoding.UTF8.GetBytes(yaml), "text/yaml") });

    public static string Yaml(AgentRemoteConfig config) => Encoding.UTF8.GetString(config.Config.Files.Single().Value.Body.Span);
}
