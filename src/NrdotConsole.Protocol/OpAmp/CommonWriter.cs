namespace NrdotConsole.Protocol.OpAmp;

static class CommonWriter
{
    public static void KeyValue(FieldWriter w, KeyValue attribute)
    {
        w.Text(0x0A, attribute.Key);
        if (attribute.Value is not null) w.Message(0x12, attribute.Value, Value);
    }

    static void Value(FieldWriter w, AnyValue? value)
    {
        switch (value)
        {
            case AnyValue.Text v: w.Always(0x0A, o => o.Text(v.Value)); break;
            case AnyValue.Flag v: w.Always(0x10, o => o.Byte(v.Value ? (byte)1 : (byte)0)); break;
            case AnyValue.Integer v: w.Always(0x18, o => o.Varint((ulong)v.Value)); break;
            case AnyValue.Real v: w.Always(0x21, o => o.Double(v.Value)); break;
            case AnyValue.Items v: w.Message(0x2A, v.Values, static (w, values) => w.All(0x0A, values, Value)); break;
            case AnyValue.Map v: w.Message(0x32, v.Values, static (w, values) => w.All(0x0A, values, KeyValue)); break;
            case AnyValue.Bytes v: w.Always(0x3A, o => o.Bytes(v.Value.Span)); break;
        }
    }

    public static void ConfigMap(FieldWriter w, AgentConfigMap map) => w.Map(0x0A, map.Files, static (w, file) =>
    {
        w.Bytes(0x0A, file.Body);
        w.Text(0x12, file.ContentType);
    });

    public static void CustomCapabilities(FieldWriter w, CustomCapabilities c) => w.Texts(0x0A, c.Capabilities);

    public static void CustomMessage(FieldWriter w, CustomMessage m)
    {
        w.Text(0x0A, m.Capability);
        w.Text(0x12, m.Type);
        w.Bytes(0x1A, m.Data);
    }
}
