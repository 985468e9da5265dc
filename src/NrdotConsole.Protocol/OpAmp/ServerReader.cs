namespace NrdotConsole.Protocol.OpAmp;

/// <summary>Bytes to ServerToAgent. Package offers are stepped over: no client here takes packages.</summary>
static class ServerReader
{
    public static ServerToAgent Read(FieldReader r)
    {
        var m = new ServerToAgent(Guid.Empty);
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: m = m with { InstanceUid = r.Uid() }; break;
                case 0x12: m = m with { Error = Error(r.Message("error_response"), m.Error ?? new(default, "")) }; break;
                case 0x1A: m = m with { RemoteConfig = RemoteConfig(r.Message("remote_config"), m.RemoteConfig ?? new(AgentConfigMap.Empty, default)) }; break;
                case 0x22: m = m with { ConnectionSettings = SettingsReader.Offers(r.Message("connection_settings"), m.ConnectionSettings ?? new(default(ReadOnlyMemory<byte>))) }; break;
                case 0x30: m = m with { Flags = (ServerToAgentFlags)r.Varint() }; break;
                case 0x38: m = m with { Capabilities = (ServerCapabilities)r.Varint() }; break;
                case 0x42: m = m with { NewInstanceUid = NewUid(r.Message("agent_identification"), m.NewInstanceUid) }; break;
                case 0x4A: m = m with { Command = Command(r.Message("command"), m.Command ?? default) }; break;
                case 0x52: m = m with { CustomCapabilities = Common.CustomCapabilities(r.Message("custom_capabilities"), m.CustomCapabilities) }; break;
                case 0x5A: m = m with { CustomMessage = Common.CustomMessage(r.Message("custom_message"), m.CustomMessage ?? new("", "", default)) }; break;
                default: r.Skip(); break;
            }
        }
        return m;
    }

    static ServerError Error(FieldReader r, ServerError error)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x08: error = error with { Type = (ServerErrorType)(int)r.Varint() }; break;
                case 0x12: error = error with { Message = r.Text() }; break;
                case 0x1A: error = error with { RetryAfter = Retry(r.Message("retry_info"), error.RetryAfter ?? TimeSpan.Zero) }; break;
                default: r.Skip(); break;
            }
        }
        return error;
    }

    static TimeSpan Retry(FieldReader r, TimeSpan after)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x08) after = TimeSpan.FromTicks((long)(r.Varint() / 100));
            else r.Skip();
        }
        return after;
    }

    static AgentRemoteConfig RemoteConfig(FieldReader r, AgentRemoteConfig config)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) config = config with { Config = Common.ConfigMap(r.Message("config"), config.Config) };
            else if (tag == 0x12) config = config with { Hash = r.Bytes() };
            else r.Skip();
        }
        return config;
    }

    static Guid? NewUid(FieldReader r, Guid? uid)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) uid = r.Uid() is var given && given != Guid.Empty ? given : null;
            else r.Skip();
        }
        return uid;
    }

    static AgentCommand Command(FieldReader r, AgentCommand command)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x08) command = (AgentCommand)(int)r.Varint();
            else r.Skip();
        }
        return command;
    }
}
