using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NrdotConsole.App.Platform.Data;

/// <summary>One numbered step of the schema, from <c>Migrations/NNNN_name.sql</c>. Once released it never changes: the checksum holds it.</summary>
internal sealed partial record Migration(int Version, string Name, string Sql)
{
    const string ResourcePrefix = "migrations/";

    /// <summary>SHA-256, hex, of the text with its line ends normalised: a checkout on Windows is the same migration.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public static IReadOnlyList<Migration> Embedded { get; } = LoadEmbedded();

    static List<Migration> LoadEmbedded()
    {
        var assembly = typeof(Migration).Assembly;
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(x => x.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            var match = FileName().Match(resource[ResourcePrefix.Length..]);
            if (!match.Success) throw new InvalidOperationException($"A migration is called NNNN_name.sql, not {resource}.");
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            found.Add(new(int.Parse(match.Groups[1].ValueSpan), match.Groups[2].Value, reader.ReadToEnd()));
        }
        if (found.GroupBy(x => x.Version).FirstOrDefault(x => x.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Two migrations have the number {twice.Key:0000}.");
        return [.. found.OrderBy(x => x.Version)];
    }

    [GeneratedRegex(@"^(\d{4})_([a-z0-9_]+)\.sql$")]
    private static partial Regex FileName();
}
