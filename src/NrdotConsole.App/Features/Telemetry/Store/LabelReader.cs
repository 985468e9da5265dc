using System.Text;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Raw attributes to labels, under the limits. Runs for what is new only.</summary>
internal sealed class LabelReader(StoreSettings settings)
{
    const string CommandLine = "process.command_line", ScopePrefix = "otel.scope.";

    /// <summary>Host names, owners and versions repeat in thousands of sets: one string each. Emptied when full.</summary>
    const int MaxPooled = 200_000;

    readonly HashSet<string> _pool = new(StringComparer.Ordinal);
    readonly List<KeyValuePair<string, string>> _pairs = [];
    readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    public RefusalReason? TryReadResource(ReadOnlySpan<byte> attributes, out Labels labels)
    {
        _labels.Clear();
        var refusal = Add(attributes, "");
        labels = refusal is null ? Labels.From(_labels) : Labels.Empty;
        return refusal;
    }

    public RefusalReason? TryReadScope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes, out Labels labels)
    {
        _labels.Clear();
        labels = Labels.Empty;
        if (Add(attributes, ScopePrefix) is { } refusal) return refusal;
        if (!name.IsEmpty) _labels["otel.scope.name"] = Text(name);
        if (!version.IsEmpty) _labels["otel.scope.version"] = Text(version);
        labels = Labels.From(_labels);
        return null;
    }

    public RefusalReason? TryReadPoint(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> part, Labels scope, out Labels labels)
    {
        _labels.Clear();
        labels = Labels.Empty;
        foreach (var (key, value) in scope) _labels[key] = value;
        if (Add(attributes, "") is { } refusal) return refusal;
        PartKey.AddLabels(part, _labels);
        labels = Labels.From(_labels);
        return null;
    }

    RefusalReason? Add(ReadOnlySpan<byte> attributes, string prefix)
    {
        if (attributes.IsEmpty) return null;
        _pairs.Clear();
        if (!AttributeDecoder.TryDecode(attributes, _pairs)) return RefusalReason.LabelTooLong;
        foreach (var (key, value) in _pairs)
        {
            if (key == CommandLine && !settings.KeepCommandLine) continue;
            if (key.Length > settings.MaxLabelKeyLength) return RefusalReason.LabelTooLong;
            _labels[Pooled(prefix.Length == 0 ? key : prefix + key)] = Cut(value);
        }
        return _labels.Count > settings.MaxLabels ? RefusalReason.TooManyLabels : null;
    }

    string Text(ReadOnlySpan<byte> utf8) => Cut(Encoding.UTF8.GetString(utf8));

    string Cut(string value) => Pooled(value.Length <= settings.MaxLabelValueLength ? value : value[..(settings.MaxLabelValueLength - 1)]);

    string Pooled(string text)
    {
        if (_pool.TryGetValue(text, out var pooled)) return pooled;
        if (_pool.Count == MaxPooled) _pool.Clear();
        _pool.Add(text);
        return text;
    }
}
