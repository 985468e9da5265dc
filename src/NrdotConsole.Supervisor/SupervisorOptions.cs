namespace NrdotConsole.Supervisor;

/// <summary>All that a supervisor must know.</summary>
internal sealed record SupervisorOptions
{
    public required Uri Endpoint { get; init; }

    /// <summary>The enrolment token; sent as a bearer token until the console gives the agent a secret of its own.</summary>
    public string? Token { get; init; }

    /// <summary>The collector's program.</summary>
    public required string Collector { get; init; }

    /// <summary>What the collector runs until the console has sent a configuration.</summary>
    public string? BootstrapConfig { get; init; }
    public required string StateDirectory { get; init; }

    /// <summary>Where the collector's health_check extension answers.</summary>
    public Uri Health { get; init; } = new("http://127.0.0.1:13133/");

    /// <summary>Where the collector tells its own metrics as Prometheus text.</summary>
    public Uri SelfMetrics { get; init; } = new("http://127.0.0.1:8888/metrics");

    /// <summary>How long a new configuration has to come up healthy.</summary>
    public TimeSpan ApplyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it must have been healthy without a break to be kept.</summary>
    public TimeSpan HealthyFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after that a collector that ends by itself still counts against the new configuration; once is forgiven, and begins it anew.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>SIGHUP instead of a restart, where the system has it.</summary>
    public bool Reload { get; init; } = !OperatingSystem.IsWindows();

    public string HostId { get; init; } = "";
    public string HostName { get; init; } = Environment.MachineName;
    public string ServiceName { get; init; } = "nrdot-collector";
}
