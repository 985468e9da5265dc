using LibGit2Sharp;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>
/// Makes and opens <c>config.git</c>. It is this console's alone (others reach it by the remote), so lock files that stand at the
/// start were left by a console that was killed, and are removed.
/// </summary>
internal static class BareRepository
{
    static BareRepository()
    {
        // Another user's volume in a container is still ours; the settings of whoever runs us (line ends, rewrites of addresses) are not.
        GlobalSettings.SetOwnerValidation(false);
        foreach (var level in new[] { ConfigurationLevel.Global, ConfigurationLevel.Xdg, ConfigurationLevel.System, ConfigurationLevel.ProgramData })
            GlobalSettings.SetConfigSearchPaths(level, Path.Combine(AppContext.BaseDirectory, "no-git-settings"));
    }

    public static Repository Open(string path) => new(path);

    /// <returns>Whether it was made now and is empty.</returns>
    /// <exception cref="StartException">It cannot be made or read.</exception>
    public static bool Prepare(string path)
    {
        try
        {
            var isNew = !File.Exists(Path.Combine(path, "HEAD"));
            if (isNew) Make(path);
            else RemoveLocks(path);
            using var repository = Open(path);
            return repository.Refs[ConfigRepository.MainRef] is null;
        }
        catch (Exception fault) when (fault is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(path, $"The config repository cannot be opened ({fault.Message}).",
                "Check it by 'git fsck', restore it from a backup or the remote; or move it away, and an empty one with the shipped files is made.", fault);
        }
    }

    static void Make(string path)
    {
        // Renamed when whole: a console killed here begins again.
        var making = path + ".making";
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        Repository.Init(making, isBare: true);
        using (var repository = Open(making))
        {
            repository.Refs.UpdateTarget("HEAD", ConfigRepository.MainRef);
            repository.Config.Set("core.fsyncObjectFiles", true);
            repository.Config.Set("core.logAllRefUpdates", true);
        }
        Directory.Move(making, path);
    }

    static void RemoveLocks(string path)
    {
        foreach (var file in Directory.EnumerateFiles(path, "*.lock").Concat(Directory.EnumerateFiles(Path.Combine(path, "refs"), "*.lock", SearchOption.AllDirectories)).ToList())
            File.Delete(file);
    }
}
