using System.Text;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>The files of a new config repository: the guide's own, as they are, and ours in the same style. Embedded from <c>Defaults/</c>.</summary>
internal static class ShippedFiles
{
    const string Prefix = "config/";

    public static readonly IReadOnlyDictionary<string, string> All = Read();

    static Dictionary<string, string> Read()
    {
        var assembly = typeof(ShippedFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(n => n[Prefix.Length..].Replace('\\', '/'), n =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!, Encoding.UTF8);
            return reader.ReadToEnd();
        }, StringComparer.Ordinal);
    }
}
