using Google.Protobuf;
using global::OpAmp.Proto.V1;

namespace NrdotConsole.Protocol.Tests.OpAmp;

/// <summary>Messages by chance, as Google's classes; the same seed makes the same message. Parts that the console steps over stay out.</summary>
internal sealed class Messages(int seed)
{
    static readonly string[] Words = ["", "host.name", "service.version", "é", "😀 two", "a\nb", new('x', 300)];

    readonly Random _random = new(seed);

    bool Maybe() => _random.Next(2) == 0;

    int Few => _random.Next(4);

    string Word() => Words[_random.Next(Words.Length)];

    string Key() => $"{Word()}{_random.Next(100)}";

    ByteString Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    ByteString Blob() => Bytes(_random.Next(3) switch { 0 => 0, 1 => 32, _ => _random.Next(300) });

    ulong Number() => _random.Next(4) switch { 0 => 0, 1 => (ulong)_random.Next(128), 2 => (ulong)_random.NextInt64(), _ => ulong.MaxValue };

    public AgentToServer Agent()
    {
        var m = new AgentToServer { SequenceNum = Number(), Capabilities = Number(), Flags = Number() };
        if (Maybe()) m.InstanceUid = Bytes(16);
        if (Maybe())
        {
            m.AgentDescription = new();
            m.AgentDescription.IdentifyingAttributes.Add(Attributes());
            m.AgentDescription.NonIdentifyingAttributes.Add(Attributes());
        }
        if (Maybe()) m.Health = Health(0);
        if (Maybe()) m.EffectiveConfig = new() { ConfigMap = ConfigMap() };
        if (Maybe()) m.RemoteConfigStatus = new() { LastRemoteConfigHash = Blob(), Status = (RemoteConfigStatuses)_random.Next(6), ErrorMessage = Word() };
        if (Maybe()) m.ConnectionSettingsStatus = new() { LastConnectionSettingsHash = Blob(), Status = (ConnectionSettingsStatuses)_random.Next(6), ErrorMessage = Word() };
        if (Maybe()) m.PackageStatuses = Packages();
        if (Maybe()) m.AgentDisconnect = new();
        if (Maybe()) m.ConnectionSettingsRequest = new() { Opamp = new() { CertificateRequest = new() { Csr = Bytes(9) } } };
        if (Maybe()) m.CustomCapabilities = Custom();
        if (Maybe()) m.CustomMessage = new() { Capability = Word(), Type = Word(), Data = Blob() };
        if (Maybe()) m.AvailableComponents = Components();
        return m;
    }

    public ServerToAgent Server()
    {
        var m = new ServerToAgent { Flags = Number(), Capabilities = Number() };
        if (Maybe()) m.InstanceUid = Bytes(16);
        if (Maybe())
        {
            m.ErrorResponse = new() { Type = (ServerErrorResponseType)_random.Next(4), ErrorMessage = Word() };
            if (Maybe()) m.ErrorResponse.RetryInfo = new() { RetryAfterNanoseconds = (ulong)_random.NextInt64(1L << 50) * 100 };
        }
        if (Maybe()) m.RemoteConfig = new() { Config = ConfigMap(), ConfigHash = Blob() };
        if (Maybe()) m.ConnectionSettings = Offers();
        if (Maybe()) m.AgentIdentification = new() { NewInstanceUid = Bytes(16) };
        if (Maybe()) m.Command = new() { Type = (CommandType)_random.Next(3) };
        if (Maybe()) m.CustomCapabilities = Custom();
        if (Maybe()) m.CustomMessage = new() { Capability = Word(), Type = Word(), Data = Blob() };
        return m;
    }

    List<KeyValue> Attributes() => [.. Enumerable.Range(0, Few).Select(_ => Attribute(0))];

    KeyValue Attribute(int depth)
    {
        var attribute = new KeyValue { Key = Word() };
        if (_random.Next(5) > 0) attribute.Value = Value(depth);
        return attribute;
    }

    AnyValue Value(int depth)
    {
        switch (_random.Next(depth < 4 ? 7 : 5))
        {
            case 0: return new() { StringValue = Word() };
            case 1: return new() { BoolValue = Maybe() };
            case 2: return new() { IntValue = (long)Number() };
            case 3: return new() { DoubleValue = _random.NextDouble() };
            case 4: return new() { BytesValue = Blob() };
            case 5:
                var list = new ArrayValue();
                list.Values.Add(Enumerable.Range(0, Few).Select(_ => Maybe() ? Value(depth + 1) : new()));
                return new() { ArrayValue = list };
            default:
                var map = new KeyValueList();
                map.Values.Add(Enumerable.Range(0, Few).Select(_ => Attribute(depth + 1)));
                return new() { KvlistValue = map };
        }
    }

    ComponentHealth Health(int depth)
    {
        var health = new ComponentHealth { Healthy = Maybe(), StartTimeUnixNano = Number(), LastError = Word(), Status = Word(), StatusTimeUnixNano = Number() };
        health.Attributes.Add(Attributes());
        for (var n = depth < 4 ? Few : 0; n > 0; n--) health.ComponentHealthMap[Key()] = Health(depth + 1);
        return health;
    }

    AgentConfigMap ConfigMap()
    {
        var map = new AgentConfigMap();
        for (var n = Few; n > 0; n--) map.ConfigMap[Key()] = new() { Body = Blob(), ContentType = Word() };
        return map;
    }

    PackageStatuses Packages()
    {
        var packages = new PackageStatuses { ServerProvidedAllPackagesHash = Blob(), ErrorMessage = Word() };
        for (var n = Few; n > 0; n--)
            packages.Packages[Key()] = new() { Name = Word(), AgentHasVersion = Word(), ServerOfferedVersion = Word(), Status = (PackageStatusEnum)_random.Next(7), ErrorMessage = Word() };
        return packages;
    }

    AvailableComponents Components()
    {
        var components = new AvailableComponents { Hash = Blob() };
        for (var n = Few; n > 0; n--) components.Components[Key()] = Details(0);
        return components;
    }

    ComponentDetails Details(int depth)
    {
        var details = new ComponentDetails();
        details.Metadata.Add(Attributes());
        for (var n = depth < 4 ? Few : 0; n > 0; n--) details.SubComponentMap[Key()] = Details(depth + 1);
        return details;
    }

    CustomCapabilities Custom()
    {
        var custom = new CustomCapabilities();
        custom.Capabilities.Add(Enumerable.Range(0, Few).Select(_ => Word()));
        return custom;
    }

    ConnectionSettingsOffers Offers()
    {
        var offers = new ConnectionSettingsOffers { Hash = Blob() };
        if (Maybe()) offers.Opamp = new() { DestinationEndpoint = Word(), Headers = SomeHeaders(), Certificate = Certificate(), HeartbeatIntervalSeconds = Number(), Tls = Tls(), Proxy = Proxy() };
        if (Maybe()) offers.OwnMetrics = Telemetry();
        if (Maybe()) offers.OwnTraces = Telemetry();
        if (Maybe()) offers.OwnLogs = Telemetry();
        for (var n = Few; n > 0; n--)
        {
            var other = new OtherConnectionSettings { DestinationEndpoint = Word(), Headers = SomeHeaders(), Certificate = Certificate(), Tls = Tls(), Proxy = Proxy() };
            for (var k = Few; k > 0; k--) other.OtherSettings[Key()] = Word();
            offers.OtherConnections[Key()] = other;
        }
        return offers;
    }

    TelemetryConnectionSettings Telemetry() => new() { DestinationEndpoint = Word(), Headers = SomeHeaders(), Certificate = Certificate(), Tls = Tls(), Proxy = Proxy() };

    Headers? SomeHeaders()
    {
        if (Maybe()) return null;
        var headers = new Headers();
        headers.Headers_.Add(Enumerable.Range(0, 1 + Few).Select(_ => new Header { Key = Word(), Value = Word() }));
        return headers;
    }

    TLSCertificate? Certificate() => Maybe() ? null : new() { Cert = Blob(), PrivateKey = Blob(), CaCert = Blob() };

    TLSConnectionSettings? Tls()
    {
        if (Maybe()) return null;
        var tls = new TLSConnectionSettings { CaPemContents = Word(), IncludeSystemCaCertsPool = Maybe(), InsecureSkipVerify = Maybe(), MinVersion = Word(), MaxVersion = Word() };
        tls.CipherSuites.Add(Enumerable.Range(0, Few).Select(_ => Word()));
        return tls;
    }

    ProxyConnectionSettings? Proxy() => Maybe() ? null : new() { Url = Word(), ConnectHeaders = SomeHeaders() };
}
