namespace NrdotConsole.Protocol.OpAmp;

/// <summary>Messages that both directions hold.</summary>
static class Common
{
    /// <summary>Walks a message of which only the presence counts, so that a damaged one is refused all the same.</summary>
    public static void Unread(FieldReader r)
    {
        while (r.Next(out _)) r.Skip();
    }

    public static KeyValue KeyValue(FieldReader r)
    {
        var (key, value) = ("", (AnyValue?)null);
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = Value(r.Message("value"), value);
            else r.Skip();
        }
        return new(key, value);
    }

    static AnyValue? Value(FieldReader r, AnyValue? value)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: value = new AnyValue.Text(r.Text()); break;
                case 0x10: value = new AnyValue.Flag(r.Flag()); break;
                case 0x18: value = new AnyValue.Integer((long)r.Varint()); break;
                case 0x21: value = new AnyValue.Real(BitConverter.UInt64BitsToDouble(r.Fixed64())); break;
                case 0x2A: value = Items(r.Message("array_value"), value as AnyValue.Items); break;
                case 0x32: value = Map(r.Message("kvlist_value"), value as AnyValue.Map); break;
                case 0x3A: value = new AnyValue.Bytes(r.Bytes()); break;
                default: r.Skip(); break;
            }
        }
        return value;
    }

    static AnyValue.Items Items(FieldReader r, AnyValue.Items? from)
    {
        List<AnyValue?> values = [.. from?.Values ?? []];
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) values.Add(Value(r.Element("values"), null));
            else r.Skip();
        }
        return new(values);
    }

    static AnyValue.Map Map(FieldReader r, AnyValue.Map? from)
    {
        List<KeyValue> values = [.. from?.Values ?? []];
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) values.Add(KeyValue(r.Element("values")));
            else r.Skip();
        }
        return new(values);
    }

    public static AgentConfigMap ConfigMap(FieldReader r, AgentConfigMap from)
    {
        Dictionary<string, AgentConfigFile>? files = null;
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) ConfigFile(r.Element("config_map"), files ??= new(from.Files));
            else r.Skip();
        }
        return files is null ? from : new(files);
    }

    static void ConfigFile(FieldReader r, Dictionary<string, AgentConfigFile> into)
    {
        var (key, value) = ("", new AgentConfigFile(default, ""));
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = ConfigFile(r.Message("config file"), value);
            else r.Skip();
        }
        into[key] = value;
    }

    static AgentConfigFile ConfigFile(FieldReader r, AgentConfigFile file)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) file = file with { Body = r.Bytes() };
            else if (tag == 0x12) file = file with { ContentType = r.Text() };
            else r.Skip();
        }
        return file;
    }

    public static CustomCapabilities CustomCapabilities(FieldReader r, CustomCapabilities? from)
    {
        List<string> capabilities = [.. from?.Capabilities ?? []];
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) capabilities.Add(r.Entry());
            else r.Skip();
        }
        return new(capabilities);
    }

    public static CustomMessage CustomMessage(FieldReader r, CustomMessage message)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: message = message with { Capability = r.Text() }; break;
                case 0x12: message = message with { Type = r.Text() }; break;
                case 0x1A: message = message with { Data = r.Bytes() }; break;
                default: r.Skip(); break;
            }
        }
        return message;
    }
}
