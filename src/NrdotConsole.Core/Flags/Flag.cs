using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Flags;

/// <summary>How a flag chooses its hosts. Percentage: a stable share of them; canary: named hosts; ring: hosts of rings; tenant: hosts of tenants; all: every host.</summary>
public enum FlagStrategy { All, Percentage, Canary, Ring, Tenant }

/// <summary>A limit that a flag's hosts must hold, else it turns itself off: a signal of the console (such as <c>coverage.critical</c>) and its bound.</summary>
public sealed record FlagGuardrail(string Signal, double? Min, double? Max);

/// <summary>
/// A feature flag, as in the guide's feature-flags.yaml. Lists that are given narrow together: a percentage with rings is that share
/// of the hosts of those rings. A disabled flag is off for everybody, and so is one whose prerequisite is off for the host.
/// </summary>
public sealed record Flag
{
    public required string Key { get; init; }
    public bool Enabled { get; init; }
    public string Description { get; init; } = "";
    public FlagStrategy Strategy { get; init; }

    /// <summary>0..100.</summary>
    public decimal Percentage { get; init; } = 100;
    public IReadOnlyList<int> Rings { get; init; } = [];

    /// <summary>Host keys or names.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
    public IReadOnlyList<string> Tenants { get; init; } = [];
    public IReadOnlyList<string> Prerequisites { get; init; } = [];
    public IReadOnlyList<FlagGuardrail> Guardrails { get; init; } = [];

    /// <summary>A fragment of collector configuration, as YAML, merged into what a host with the flag on runs; null where the flag is for programs alone.</summary>
    public string? CollectorConfig { get; init; }

    /// <summary><see cref="CollectorConfig"/> parsed; null where it is. Who reads the flags' file parses it: rules read no YAML.</summary>
    public YamlMap? Fragment { get; init; }
    public string? Owner { get; init; }

    /// <summary>When it should be gone: past it, the flag is stale.</summary>
    public DateOnly? Expires { get; init; }
}

public sealed record FlagSet(IReadOnlyList<Flag> Flags)
{
    public static readonly FlagSet None = new([]);

    public Flag? Find(string key) => Flags.FirstOrDefault(f => f.Key == key);
}
