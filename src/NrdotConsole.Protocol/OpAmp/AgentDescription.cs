namespace NrdotConsole.Protocol.OpAmp;

/// <summary>What the agent is (identifying: service.name, service.version …) and where it runs (non-identifying: host.name, os.type …).</summary>
public sealed record AgentDescription(IReadOnlyList<KeyValue> Identifying, IReadOnlyList<KeyValue> NonIdentifying)
{
    public static readonly AgentDescription Empty = new([], []);

    /// <summary>An attribute of either kind as text, the non-identifying ones first; null where it is absent or empty.</summary>
    public string? Find(string key) => Find(NonIdentifying, key) ?? Find(Identifying, key);

    static string? Find(IReadOnlyList<KeyValue> attributes, string key)
    {
        foreach (var (name, value) in attributes)
            if (name == key && value?.ToString() is { Length: > 0 } text) return text;
        return null;
    }
}

/// <summary>An attribute. A null value is an AnyValue that has none.</summary>
public sealed record KeyValue(string Key, AnyValue? Value)
{
    public KeyValue(string key, string value) : this(key, new AnyValue.Text(value)) { }
}

/// <summary>A value of OpenTelemetry's AnyValue; <see cref="object.ToString"/> shows it.</summary>
public abstract record AnyValue
{
    public sealed record Text(string Value) : AnyValue { public override string ToString() => Value; }

    public sealed record Flag(bool Value) : AnyValue { public override string ToString() => Value ? "true" : "false"; }

    public sealed record Integer(long Value) : AnyValue { public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture); }

    public sealed record Real(double Value) : AnyValue { public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture); }

    public sealed record Items(IReadOnlyList<AnyValue?> Values) : AnyValue { public override string ToString() => $"[{string.Join(", ", Values)}]"; }

    public sealed record Map(IReadOnlyList<KeyValue> Values) : AnyValue { public override string ToString() => $"{{{string.Join(", ", Values.Select(v => $"{v.Key}: {v.Value}"))}}}"; }

    public sealed record Bytes(ReadOnlyMemory<byte> Value) : AnyValue { public override string ToString() => Convert.ToBase64String(Value.Span); }
}
