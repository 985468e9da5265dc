namespace NrdotConsole.Protocol.OpAmp;

/// <summary>Connections that the agent shall use from now on. Null: no offer for that one.</summary>
public sealed record ConnectionSettingsOffers(ReadOnlyMemory<byte> Hash)
{
    public static readonly IReadOnlyDictionary<string, ConnectionSettings> NoOthers = new Dictionary<string, ConnectionSettings>();

    public ConnectionSettings? OpAmp { get; init; }
    public ConnectionSettings? OwnMetrics { get; init; }
    public ConnectionSettings? OwnTraces { get; init; }
    public ConnectionSettings? OwnLogs { get; init; }
    public IReadOnlyDictionary<string, ConnectionSettings> Others { get; init; } = NoOthers;
}

/// <summary>
/// One connection, of whichever kind. Of the fields, <see cref="HeartbeatIntervalSeconds"/> is of OpAMP's own connection alone,
/// <see cref="OtherSettings"/> of the others alone; neither is written elsewhere.
/// </summary>
public sealed record ConnectionSettings(string Endpoint)
{
    public static readonly IReadOnlyDictionary<string, string> NoSettings = new Dictionary<string, string>();

    public IReadOnlyList<Header> Headers { get; init; } = [];
    public TlsCertificate? Certificate { get; init; }

    /// <summary>0 asks the agent to send none.</summary>
    public ulong HeartbeatIntervalSeconds { get; init; }
    public IReadOnlyDictionary<string, string> OtherSettings { get; init; } = NoSettings;
    public TlsConnectionSettings? Tls { get; init; }
    public ProxySettings? Proxy { get; init; }
}

public sealed record Header(string Key, string Value);

/// <summary>PEM.</summary>
public sealed record TlsCertificate(ReadOnlyMemory<byte> Certificate, ReadOnlyMemory<byte> PrivateKey, ReadOnlyMemory<byte> CaCertificate);

public sealed record TlsConnectionSettings(
    string CaPem, bool IncludeSystemCa, bool InsecureSkipVerify, string MinVersion, string MaxVersion, IReadOnlyList<string> CipherSuites);

public sealed record ProxySettings(string Url, IReadOnlyList<Header> ConnectHeaders);
