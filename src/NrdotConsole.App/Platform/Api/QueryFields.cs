namespace NrdotConsole.App.Platform.Api;

/// <summary>Fields of a query string that several routes read alike. Null where the field is absent or at fault; the fault is listed.</summary>
internal static class QueryFields
{
    /// <summary>One of an enumeration's names, in any case; its numbers are no names.</summary>
    public static T? Choice<T>(IQueryCollection query, string field, List<Fault> faults) where T : struct, Enum
    {
        var text = query[field].ToString();
        if (text.Length == 0) return null;
        if (Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);
        faults.Add(new(field, text, "one of " + string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()));
        return null;
    }

    public static DateTimeOffset? Time(IQueryCollection query, string field, DateTimeOffset now, List<Fault> faults)
    {
        var text = query[field].ToString();
        if (text.Length == 0) return null;
        if (Instant.TryParse(text, now, out var instant)) return instant;
        faults.Add(new(field, text, Instant.Allowed));
        return null;
    }
}
