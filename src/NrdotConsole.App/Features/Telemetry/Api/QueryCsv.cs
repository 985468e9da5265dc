using System.Globalization;
using System.Text;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Api;

/// <summary>One row a point: <c>time,value,unit</c> and a column for each label that any series carries (RFC 4180, UTC times).</summary>
internal static class QueryCsv
{
    public static string Write(QueryResult result)
    {
        string[] keys = [.. result.Series.SelectMany(s => s.Labels.Keys).Distinct().Order(StringComparer.Ordinal)];
        var text = new StringBuilder("time,value,unit");
        foreach (var key in keys) text.Append(',').Append(Quote(key));
        text.Append("\r\n");
        foreach (var series in result.Series)
        {
            var tail = new StringBuilder().Append(',').Append(Quote(result.Unit));
            foreach (var key in keys) tail.Append(',').Append(Quote(series.Labels.Get(key)));
            tail.Append("\r\n");
            foreach (var point in series.Points)
                text.Append(DateTimeOffset.FromUnixTimeMilliseconds(point.UnixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
                    .Append(',').Append(point.Recorded ? point.Value.ToString("R", CultureInfo.InvariantCulture) : "").Append(tail);
        }
        return text.ToString();
    }

    /// <summary>Quoted where commas, quotes or line ends need it; a leading formula sign is defused, for the file is opened in spreadsheets.</summary>
    static string Quote(string value)
    {
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().IndexOfAny("\",\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"")}\"";
    }
}
