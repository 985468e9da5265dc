namespace NrdotConsole.App.Platform.Data;

/// <summary>One console a data directory: two of them would write over each other's logs. Held by the process, so a killed console leaves none.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    readonly FileStream _file;

    DataDirectoryLock(FileStream file) => _file = file;

    /// <exception cref="StartException">Another console has the directory.</exception>
    public static DataDirectoryLock Take(DataDirectory directory)
    {
        try
        {
            return new(new FileStream(directory.File("console.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartException(directory.Path, $"The data directory cannot be locked for this process ({fault.Message}).", "Stop the console that runs on it, or give this one another Console:DataDirectory.", fault);
        }
    }

    public void Dispose() => _file.Dispose();
}
