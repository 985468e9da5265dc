namespace NrdotConsole.Protocol.OpAmp;

/// <summary>
/// Connection settings. The three kinds of connection number their later fields differently:
/// <code>
///                1 endpoint  2 headers  3 certificate  4               5        6
/// opamp                                                heartbeat       tls      proxy
/// own telemetry                                        tls             proxy
/// others                                               other_settings  tls      proxy
/// </code>
/// </summary>
static class SettingsReader
{
    public static ConnectionSettingsOffers Offers(FieldReader r, ConnectionSettingsOffers offers)
    {
        Dictionary<string, ConnectionSettings>? others = null;
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: offers = offers with { Hash = r.Bytes() }; break;
                case 0x12: offers = offers with { OpAmp = Connection(r.Message("opamp"), offers.OpAmp ?? new(""), SettingsKind.OpAmp) }; break;
                case 0x1A: offers = offers with { OwnMetrics = Connection(r.Message("own_metrics"), offers.OwnMetrics ?? new(""), SettingsKind.Telemetry) }; break;
                case 0x22: offers = offers with { OwnTraces = Connection(r.Message("own_traces"), offers.OwnTraces ?? new(""), SettingsKind.Telemetry) }; break;
                case 0x2A: offers = offers with { OwnLogs = Connection(r.Message("own_logs"), offers.OwnLogs ?? new(""), SettingsKind.Telemetry) }; break;
                case 0x32: Other(r.Element("other_connections"), others ??= new(offers.Others)); break;
                default: r.Skip(); break;
            }
        }
        return others is null ? offers : offers with { Others = others };
    }

    static void Other(FieldReader r, Dictionary<string, ConnectionSettings> into)
    {
        var (key, value) = ("", new ConnectionSettings(""));
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = Connection(r.Message("connection"), value, SettingsKind.Other);
            else r.Skip();
        }
        into[key] = value;
    }

    static ConnectionSettings Connection(FieldReader r, ConnectionSettings c, SettingsKind kind)
    {
        Dictionary<string, string>? settings = null;
        while (r.Next(out var tag))
        {
            switch (tag, kind)
            {
                case (0x0A, _): c = c with { Endpoint = r.Text() }; break;
                case (0x12, _): c = c with { Headers = Headers(r.Message("headers"), c.Headers) }; break;
                case (0x1A, _): c = c with { Certificate = Certificate(r.Message("certificate"), c.Certificate ?? new(default, default, default)) }; break;
                case (0x20, SettingsKind.OpAmp): c = c with { HeartbeatIntervalSeconds = r.Varint() }; break;
                case (0x22, SettingsKind.Other): Setting(r.Element("other_settings"), settings ??= new(c.OtherSettings)); break;
                case (0x22, SettingsKind.Telemetry) or (0x2A, SettingsKind.OpAmp or SettingsKind.Other): c = c with { Tls = Tls(r.Message("tls"), c.Tls) }; break;
                case (0x2A, SettingsKind.Telemetry) or (0x32, SettingsKind.OpAmp or SettingsKind.Other): c = c with { Proxy = Proxy(r.Message("proxy"), c.Proxy ?? new("", [])) }; break;
                default: r.Skip(); break;
            }
        }
        return settings is null ? c : c with { OtherSettings = settings };
    }

    static void Setting(FieldReader r, Dictionary<string, string> into)
    {
        var (key, value) = ("", "");
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = r.Text();
            else r.Skip();
        }
        into[key] = value;
    }

    static List<Header> Headers(FieldReader r, IReadOnlyList<Header> from)
    {
        List<Header> headers = [.. from];
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) headers.Add(Header(r.Element("header")));
            else r.Skip();
        }
        return headers;
    }

    static Header Header(FieldReader r)
    {
        var (key, value) = ("", "");
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = r.Text();
            else r.Skip();
        }
        return new(key, value);
    }

    static TlsCertificate Certificate(FieldReader r, TlsCertificate certificate)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: certificate = certificate with { Certificate = r.Bytes() }; break;
                case 0x12: certificate = certificate with { PrivateKey = r.Bytes() }; break;
                case 0x1A: certificate = certificate with { CaCertificate = r.Bytes() }; break;
                default: r.Skip(); break;
            }
        }
        return certificate;
    }

    static TlsConnectionSettings Tls(FieldReader r, TlsConnectionSettings? from)
    {
        var tls = from ?? new("", false, false, "", "", []);
        List<string> ciphers = [.. tls.CipherSuites];
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: tls = tls with { CaPem = r.Text() }; break;
                case 0x10: tls = tls with { IncludeSystemCa = r.Flag() }; break;
                case 0x18: tls = tls with { InsecureSkipVerify = r.Flag() }; break;
                case 0x22: tls = tls with { MinVersion = r.Text() }; break;
                case 0x2A: tls = tls with { MaxVersion = r.Text() }; break;
                case 0x32: ciphers.Add(r.Entry()); break;
                default: r.Skip(); break;
            }
        }
        return tls with { CipherSuites = ciphers };
    }

    static ProxySettings Proxy(FieldReader r, ProxySettings proxy)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) proxy = proxy with { Url = r.Text() };
            else if (tag == 0x12) proxy = proxy with { ConnectHeaders = Headers(r.Message("connect_headers"), proxy.ConnectHeaders) };
            else r.Skip();
        }
        return proxy;
    }
}

enum SettingsKind { OpAmp, Telemetry, Other }
