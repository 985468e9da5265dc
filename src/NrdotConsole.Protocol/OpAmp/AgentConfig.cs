namespace NrdotConsole.Protocol.OpAmp;

/// <summary>Named configuration files. A lone one may have the empty name.</summary>
public sealed record AgentConfigMap(IReadOnlyDictionary<string, AgentConfigFile> Files)
{
    public static readonly AgentConfigMap Empty = new(new Dictionary<string, AgentConfigFile>());
}

/// <param name="ContentType">A MIME type such as <c>text/yaml</c>, or empty.</param>
public sealed record AgentConfigFile(ReadOnlyMemory<byte> Body, string ContentType);

/// <param name="Hash">Tells one configuration from another; the agent says it back in its <see cref="RemoteConfigStatus"/>.</param>
public sealed record AgentRemoteConfig(AgentConfigMap Config, ReadOnlyMemory<byte> Hash);
