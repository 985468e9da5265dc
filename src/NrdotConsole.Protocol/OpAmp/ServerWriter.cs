namespace NrdotConsole.Protocol.OpAmp;

/// <summary>ServerToAgent to bytes.</summary>
static class ServerWriter
{
    public static void Write(FieldWriter w, ServerToAgent m)
    {
        w.Uid(0x0A, m.InstanceUid);
        w.Optional(0x12, m.Error, Error);
        w.Optional(0x1A, m.RemoteConfig, static (w, c) =>
        {
            w.Message(0x0A, c.Config, CommonWriter.ConfigMap);
            w.Bytes(0x12, c.Hash);
        });
        w.Optional(0x22, m.ConnectionSettings, Offers);
        w.Varint(0x30, (ulong)m.Flags);
        w.Varint(0x38, (ulong)m.Capabilities);
        if (m.NewInstanceUid is { } uid) w.Message(0x42, uid, static (w, uid) => w.Uid(0x0A, uid));
        if (m.Command is { } command) w.Message(0x4A, command, static (w, command) => w.Varint(0x08, (ulong)(long)command));
        w.Optional(0x52, m.CustomCapabilities, CommonWriter.CustomCapabilities);
        w.Optional(0x5A, m.CustomMessage, CommonWriter.CustomMessage);
    }

    static void Error(FieldWriter w, ServerError e)
    {
        w.Varint(0x08, (ulong)(long)e.Type);
        w.Text(0x12, e.Message);
        if (e.RetryAfter is { } after) w.Message(0x1A, after, static (w, after) => w.Varint(0x08, (ulong)after.Ticks * 100));
    }

    static void Offers(FieldWriter w, ConnectionSettingsOffers o)
    {
        w.Bytes(0x0A, o.Hash);
        w.Optional(0x12, o.OpAmp, static (w, c) => Connection(w, c, SettingsKind.OpAmp));
        w.Optional(0x1A, o.OwnMetrics, static (w, c) => Connection(w, c, SettingsKind.Telemetry));
        w.Optional(0x22, o.OwnTraces, static (w, c) => Connection(w, c, SettingsKind.Telemetry));
        w.Optional(0x2A, o.OwnLogs, static (w, c) => Connection(w, c, SettingsKind.Telemetry));
        w.Map(0x32, o.Others, static (w, c) => Connection(w, c, SettingsKind.Other));
    }

    /// <summary>See the table at <see cref="SettingsReader"/>.</summary>
    static void Connection(FieldWriter w, ConnectionSettings c, SettingsKind kind)
    {
        w.Text(0x0A, c.Endpoint);
        if (c.Headers.Count > 0) w.Message(0x12, c.Headers, Headers);
        w.Optional(0x1A, c.Certificate, Certificate);
        if (kind == SettingsKind.OpAmp) w.Varint(0x20, c.HeartbeatIntervalSeconds);
        if (kind == SettingsKind.Other) w.Map(0x22, c.OtherSettings);
        var telemetry = kind == SettingsKind.Telemetry;
        w.Optional(telemetry ? (byte)0x22 : (byte)0x2A, c.Tls, Tls);
        w.Optional(telemetry ? (byte)0x2A : (byte)0x32, c.Proxy, Proxy);
    }

    static void Headers(FieldWriter w, IReadOnlyList<Header> headers) => w.All(0x0A, headers, static (w, h) =>
    {
        w.Text(0x0A, h.Key);
        w.Text(0x12, h.Value);
    });

    static void Certificate(FieldWriter w, TlsCertificate c)
    {
        w.Bytes(0x0A, c.Certificate);
        w.Bytes(0x12, c.PrivateKey);
        w.Bytes(0x1A, c.CaCertificate);
    }

    static void Tls(FieldWriter w, TlsConnectionSettings t)
    {
        w.Text(0x0A, t.CaPem);
        w.Flag(0x10, t.IncludeSystemCa);
        w.Flag(0x18, t.InsecureSkipVerify);
        w.Text(0x22, t.MinVersion);
        w.Text(0x2A, t.MaxVersion);
        w.Texts(0x32, t.CipherSuites);
    }

    static void Proxy(FieldWriter w, ProxySettings p)
    {
        w.Text(0x0A, p.Url);
        if (p.ConnectHeaders.Count > 0) w.Message(0x12, p.ConnectHeaders, Headers);
    }
}
