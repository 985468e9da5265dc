namespace NrdotConsole.App.Platform.Data;

/// <summary>The folder of all that the console keeps (setting <c>Console:DataDirectory</c>). Made with mode 0700: it holds keys and hashes.</summary>
internal sealed class DataDirectory
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Path { get; }

    DataDirectory(string path) => Path = path;

    /// <exception cref="StartException">The folder cannot be made or written.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(full);
            else Directory.CreateDirectory(full, OwnerOnly);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartException(full, $"The data directory cannot be made ({fault.Message}).", "Choose another by Console:DataDirectory, or give this user the right to write there.", fault);
        }
        return new(full);
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A folder inside, made when absent, for its owner only.</summary>
    public string Folder(string name) => Open(File(name)).Path;
}
