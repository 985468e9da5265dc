using System.Globalization;

namespace NrdotConsole.App.Platform.Api;

/// <summary>One page of a list. <see cref="Next"/> is the offset of the following page, null on the last.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, int Total, int Offset, int Limit)
{
    public int? Next => Offset + Items.Count < Total ? Offset + Items.Count : null;
}

/// <summary>The <c>offset</c> and <c>limit</c> of a list request.</summary>
internal readonly record struct PageRequest(int Offset, int Limit)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public static bool TryParse(IQueryCollection query, List<Fault> faults, out PageRequest page)
    {
        var before = faults.Count;
        page = new(
            Number(query, "offset", 0, 0, int.MaxValue, faults),
            Number(query, "limit", DefaultLimit, 1, MaxLimit, faults));
        return faults.Count == before;
    }

    public Page<T> Of<T>(IReadOnlyList<T> all) => new([.. all.Skip(Offset).Take(Limit)], all.Count, Offset, Limit);

    static int Number(IQueryCollection query, string field, int fallback, int min, int max, List<Fault> faults)
    {
        var text = query[field].ToString();
        if (text.Length == 0) return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        faults.Add(new(field, text, $"a whole number from {min} to {max}"));
        return fallback;
    }
}
