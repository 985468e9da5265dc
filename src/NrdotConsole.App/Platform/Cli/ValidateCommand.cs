using NrdotConsole.App.Platform.ConfigRepo;

namespace NrdotConsole.App.Platform.Cli;

/// <summary>
/// <c>validate PATH...</c>: the validation of forms, REST and pushes, for a pre-commit hook and CI. A folder is checked whole; of a file
/// only its own faults are told, its neighbours give its names meaning. Exit code 0: no error; 1: errors; 2: no such path. Opens no data directory.
/// </summary>
internal static class ValidateCommand
{
    public static int Run(IReadOnlyList<string> paths, TextWriter output, TextWriter errors)
    {
        if (paths.FirstOrDefault(p => !Path.Exists(p)) is { } missing)
        {
            errors.WriteLine($"{missing}: there is no such file or folder.");
            return 2;
        }
        var (errorCount, warningCount) = (0, 0);
        var folders = paths.Select(p => Directory.Exists(p) ? (Folder: p, File: null) : (Folder: FolderOf(p), File: (string?)p)).GroupBy(p => p.Folder);
        foreach (var folder in folders)
        {
            var whole = folder.Any(p => p.File is null);
            var asked = folder.Select(p => p.File is null ? "" : Relative(folder.Key, p.File)).ToHashSet(StringComparer.Ordinal);
            foreach (var fault in Check(folder.Key).Where(f => whole || asked.Contains(f.File)))
            {
                output.WriteLine(fault with { File = Path.Join(folder.Key == "." ? "" : folder.Key, fault.File) });
                if (fault.Severity == FaultSeverity.Error) errorCount++;
                else warningCount++;
            }
        }
        output.WriteLine($"{Count(errorCount, "error")}, {Count(warningCount, "warning")}.");
        return errorCount > 0 ? 1 : 0;
    }

    static IEnumerable<ConfigFault> Check(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<ConfigFault>();
        foreach (var path in Files(folder).Take(ConfigLimits.MaxFiles + 1))
        {
            var name = Relative(folder, path);
            if (files.Count == ConfigLimits.MaxFiles) faults.Add(new(name, 0, 0, "", $"The folder holds more than {ConfigLimits.MaxFiles} files.", "keep only configuration here"));
            else if (new FileInfo(path).Length > ConfigLimits.MaxFileBytes) faults.Add(new(name, 0, 0, "", $"The file has {new FileInfo(path).Length} bytes.", $"at most {ConfigLimits.MaxFileBytes / 1024} KiB"));
            else if (ConfigTree.Decode(File.ReadAllBytes(path)) is { } text) files[name] = text;
            else faults.Add(new(name, 0, 0, "", "The file is not UTF-8 text.", "save it as UTF-8"));
        }
        return faults.Concat(ConfigValidation.Validate(files).Faults);
    }

    /// <summary>What the console reads, and YAML beside it that may be meant for it; nothing hidden, nothing below folders other than runbooks.</summary>
    static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder).Concat(Directory.Exists(Path.Combine(folder, "runbooks")) ? Directory.EnumerateFiles(Path.Combine(folder, "runbooks")) : [])
        .Where(f => !Path.GetFileName(f).StartsWith('.') && Path.GetExtension(f).ToLowerInvariant() is ".yaml" or ".yml" or ".md").Order(StringComparer.Ordinal);

    /// <summary>A runbook's folder is the one that holds the folder of runbooks.</summary>
    static string FolderOf(string file)
    {
        var folder = Path.GetDirectoryName(file) is { Length: > 0 } named ? named : ".";
        return Path.GetFileName(folder) != "runbooks" ? folder : Path.GetDirectoryName(folder) is { Length: > 0 } above ? above : ".";
    }

    static string Relative(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
