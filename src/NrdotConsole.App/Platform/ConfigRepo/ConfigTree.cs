using System.Text;
using LibGit2Sharp;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>The files of a commit as text, and what could not be read as such.</summary>
internal sealed record ConfigTree(string Commit, IReadOnlyDictionary<string, string> Files, IReadOnlyList<ConfigFault> Faults)
{
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static ConfigTree Read(Commit commit)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<ConfigFault>();
        long total = 0;
        foreach (var (path, blob) in Blobs(commit.Tree, ""))
        {
            if (files.Count == ConfigLimits.MaxFiles || (total += blob.Size) > ConfigLimits.MaxTotalBytes)
            {
                faults.Add(new(path, 0, 0, "", $"The commit holds more than {ConfigLimits.MaxFiles} files or {ConfigLimits.MaxTotalBytes / 1_048_576} MiB.", "Keep only configuration here"));
                break;
            }
            if (blob.Size > ConfigLimits.MaxFileBytes)
                faults.Add(new(path, 0, 0, "", $"The file has {blob.Size} bytes.", $"At most {ConfigLimits.MaxFileBytes / 1024} KiB"));
            else if (Decode(blob) is { } text) files[path] = text;
            else faults.Add(new(path, 0, 0, "", "The file is not UTF-8 text.", "Save it as UTF-8"));
        }
        return new(commit.Sha, files, faults);
    }

    internal static IEnumerable<(string Path, Blob Blob)> Blobs(Tree tree, string folder)
    {
        foreach (var entry in tree)
        {
            var path = folder + entry.Name;
            // Links and submodules point elsewhere: they are no configuration.
            if (entry.TargetType == TreeEntryTargetType.Tree)
                foreach (var inner in Blobs((Tree)entry.Target, path + "/")) yield return inner;
            else if (entry.TargetType == TreeEntryTargetType.Blob && entry.Mode != Mode.SymbolicLink)
                yield return (path, (Blob)entry.Target);
        }
    }

    /// <summary>Null where the bytes are no UTF-8. A byte order mark is left out.</summary>
    internal static string? Decode(Blob blob)
    {
        using var bytes = new MemoryStream();
        using (var content = blob.GetContentStream()) content.CopyTo(bytes);
        return Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    internal static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0)) return null;
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
