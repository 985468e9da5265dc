using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>The section <c>Otlp</c>, ports excepted. Each limit is one that a well-behaved sender never meets.</summary>
internal sealed record OtlpSettings
{
    /// <summary>False lets senders in without a token; their tenant is then what the resource's <c>nrdot.tenant</c> says.</summary>
    public bool RequireToken { get; init; } = true;

    /// <summary>A token that exists from the first start on, for unattended set-ups. Null: a random one is made and shown once.</summary>
    public string? BootstrapToken { get; init; }

    /// <summary>Most bytes of a request as it comes over the wire.</summary>
    public int MaxRequestBytes { get; init; } = 16 << 20;

    /// <summary>Most bytes of a request once decompressed.</summary>
    public int MaxDecompressedBytes { get; init; } = 64 << 20;

    /// <summary>Most bytes held for all requests that are being read or worked on.</summary>
    public long MaxBytesInFlight { get; init; } = 256L << 20;

    public int MaxRequestsInFlight { get; init; } = 1024;

    /// <summary>How long a sender may take for one body. Collectors give up after 30 s themselves.</summary>
    public TimeSpan MaxBodyTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="StartException">A value out of its range.</exception>
    public static OtlpSettings From(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Otlp").Get<OtlpSettings>() ?? new();
        Check("MaxRequestBytes", settings.MaxRequestBytes, 1024, 1 << 30);
        Check("MaxDecompressedBytes", settings.MaxDecompressedBytes, settings.MaxRequestBytes, 1 << 30);
        Check("MaxBytesInFlight", settings.MaxBytesInFlight, settings.MaxDecompressedBytes, 1L << 40);
        Check("MaxRequestsInFlight", settings.MaxRequestsInFlight, 1, 1_000_000);
        Check("MaxBodyTime (seconds)", (long)settings.MaxBodyTime.TotalSeconds, 1, 3600);
        if (settings.BootstrapToken is { Length: < 16 }) throw new StartException("Otlp:BootstrapToken", "It is too short to be a secret.", "Give at least 16 characters.");
        return settings;
    }

    static void Check(string name, long value, long least, long most)
    {
        if (value < least || value > most) throw new StartException($"Otlp:{name}", $"{value} is out of range.", $"Choose from {least} to {most}.");
    }
}
