using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Agents;

/// <summary>The section <c>OpAmp</c>, the port excepted. Each limit is one that a well-behaved agent never meets.</summary>
internal sealed record OpAmpSettings
{
    /// <summary>False lets agents in without a token; their tenant is then what their description's <c>nrdot.tenant</c> says.</summary>
    public bool RequireToken { get; init; } = true;

    /// <summary>An enrolment token that exists from the first start on, for unattended set-ups. Null: a random one is made and shown once.</summary>
    public string? BootstrapToken { get; init; }

    /// <summary>Most bytes of one message, on the wire and once decompressed, in either direction. The specification recommends 64 MiB, for fleets that send packages.</summary>
    public int MaxMessageBytes { get; init; } = 8 << 20;

    /// <summary>Most bytes held for all messages that are being read.</summary>
    public long MaxBytesInFlight { get; init; } = 256L << 20;

    /// <summary>Most WebSockets at once.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Most agents known, connected or not.</summary>
    public int MaxAgents { get; init; } = 50_000;

    /// <summary>Most messages served a second; whoever comes beyond is told when to come again.</summary>
    public int MaxMessagesPerSecond { get; init; } = 5_000;

    /// <summary>Offered to agents that take connection settings. The specification recommends 30.</summary>
    public int HeartbeatSeconds { get; init; } = 30;

    /// <summary>How long an agent may take for one message.</summary>
    public TimeSpan MaxMessageTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="StartException">A value out of its range.</exception>
    public static OpAmpSettings From(IConfiguration configuration)
    {
        var settings = configuration.GetSection("OpAmp").Get<OpAmpSettings>() ?? new();
        Check("MaxMessageBytes", settings.MaxMessageBytes, 64 << 10, 64 << 20);
        Check("MaxBytesInFlight", settings.MaxBytesInFlight, settings.MaxMessageBytes, 1L << 40);
        Check("MaxConnections", settings.MaxConnections, 1, 1_000_000);
        Check("MaxAgents", settings.MaxAgents, 1, 1_000_000);
        Check("MaxMessagesPerSecond", settings.MaxMessagesPerSecond, 1, 1_000_000);
        Check("HeartbeatSeconds", settings.HeartbeatSeconds, 1, 3600);
        Check("MaxMessageTime (seconds)", (long)settings.MaxMessageTime.TotalSeconds, 1, 3600);
        if (settings.BootstrapToken is { Length: < 16 }) throw new StartException("OpAmp:BootstrapToken", "It is too short to be a secret.", "Give at least 16 characters.");
        return settings;
    }

    static void Check(string name, long value, long least, long most)
    {
        if (value < least || value > most) throw new StartException($"OpAmp:{name}", $"{value} is out of range.", $"Choose from {least} to {most}.");
    }
}
