using System.Globalization;
using System.Text;

namespace NrdotConsole.App.Platform.Prometheus;

/// <summary>
/// Writes the Prometheus text exposition format 0.0.4: a family's HELP and TYPE once, its samples together.
/// A null value is left out: absent, not zero.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder _text = new();
    string _family = "";

    public PrometheusText Gauge(string name, string help) => Begin(name, help, "gauge");

    /// <param name="name">Ends in <c>_total</c>.</param>
    public PrometheusText Counter(string name, string help) => Begin(name, help, "counter");

    public PrometheusText Sample(double? value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (value is not { } number) return this;
        _text.Append(_family);
        if (labels.Length > 0)
        {
            _text.Append('{');
            for (var i = 0; i < labels.Length; i++)
            {
                if (i > 0) _text.Append(',');
                _text.Append(labels[i].Name).Append("=\"");
                Escape(labels[i].Value, quotes: true);
                _text.Append('"');
            }
            _text.Append('}');
        }
        _text.Append(' ').Append(Number(number)).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    PrometheusText Begin(string name, string help, string type)
    {
        _family = name;
        _text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, quotes: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    void Escape(string value, bool quotes)
    {
        foreach (var c in value)
        {
            if (c == '\\') _text.Append("\\\\");
            else if (c == '\n') _text.Append("\\n");
            else if (c == '"' && quotes) _text.Append("\\\"");
            else _text.Append(c);
        }
    }

    static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
