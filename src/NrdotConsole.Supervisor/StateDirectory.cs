using System.Text.Json;
using NrdotConsole.Protocol.OpAmp;
using NrdotConsole.Protocol.OpAmp.Client;

namespace NrdotConsole.Supervisor;

/// <summary>What became of the newest configuration that the console sent. The hash is hex.</summary>
internal sealed record KeptStatus(string Hash, RemoteConfigStatuses Status, string Error);

/// <summary>
/// The supervisor's few files, each replaced as a whole (written beside, flushed, renamed), readable by the owner alone:
/// <c>config.yaml</c> what the collector runs, <c>last-good.yaml</c> what it ran well before, <c>candidate.yaml</c> what is being looked at.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    readonly string _path;
    readonly FileStream _lock;

    /// <exception cref="IOException">It cannot be made or written, or another supervisor works in it.</exception>
    public StateDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_path);
            else if (!Directory.Exists(_path)) Directory.CreateDirectory(_path, OwnerAlone);
            else if ((File.GetUnixFileMode(_path) & ~OwnerAlone) != 0) File.SetUnixFileMode(_path, OwnerAlone);
            _lock = new(Path.Combine(_path, "lock"), Private(FileMode.OpenOrCreate));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The state directory {_path} cannot be used: {fault.Message} Another supervisor may be at work in it, or it is another user's; --state names one.", fault);
        }
    }

    public void Dispose() => _lock.Dispose();

    public string Config => Path.Combine(_path, "config.yaml");
    public string LastGood => Path.Combine(_path, "last-good.yaml");
    public string Candidate => Path.Combine(_path, "candidate.yaml");

    /// <summary>Stands while a new configuration is on trial: found at a start, the trial was cut off.</summary>
    string Trial => Path.Combine(_path, "trial");

    public Guid InstanceUid
    {
        get => Guid.TryParse(Read("instance-uid"), out var uid) ? uid : Guid.Empty;
        set => Write("instance-uid", value.ToString());
    }

    public KeptStatus? Status
    {
        get => ReadJson<KeptStatus>("remote-status.json");
        set => Write("remote-status.json", JsonSerializer.Serialize(value));
    }

    public bool IsOnTrial => File.Exists(Trial);

    /// <summary>The connection that the console gave, where the agent was told the same console then as now.</summary>
    /// <param name="given">The console's address that this program was started with.</param>
    public OpAmpConnection? ConnectionOf(Uri given) =>
        ReadJson<KeptConnection>("connection.json") is { } kept && Uri.TryCreate(kept.Endpoint, UriKind.Absolute, out var uri) && (kept.Given ?? given.ToString()) == given.ToString()
            ? new(uri, [.. kept.Headers.Select(h => new Header(h.Key, h.Value))])
            : null;

    public void KeepConnection(OpAmpConnection connection, Uri given) =>
        Write("connection.json", JsonSerializer.Serialize(new KeptConnection(connection.Endpoint.ToString(), connection.Headers.ToDictionary(h => h.Key, h => h.Value), given.ToString())));

    public int? CollectorPid
    {
        get => int.TryParse(Read("collector.pid"), out var pid) ? pid : null;
        set => Write("collector.pid", $"{value}");
    }

    public void WriteCandidate(ReadOnlySpan<byte> yaml) => Write(Candidate, yaml);

    public void WriteConfig(ReadOnlySpan<byte> yaml) => Write(Config, yaml);

    /// <summary>The candidate becomes what runs. What ran before is kept as the last good, unless that one was on trial itself.</summary>
    public void BeginTrial()
    {
        if (!IsOnTrial && File.Exists(Config)) Write(LastGood, File.ReadAllBytes(Config));
        Write(Trial, []);
        File.Move(Candidate, Config, overwrite: true);
    }

    public void Keep() => File.Delete(Trial);

    /// <returns>False where nothing good is known to fall back to.</returns>
    public bool Restore()
    {
        if (!File.Exists(LastGood)) return false;
        Write(Config, File.ReadAllBytes(LastGood));
        File.Delete(Trial);
        return true;
    }

    string? Read(string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(_path, name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    T? ReadJson<T>(string name) where T : class
    {
        try
        {
            return Read(name) is { } text ? JsonSerializer.Deserialize<T>(text) : null;
        }
        catch (JsonException)
        {
            // Not ours, or damaged: as if it were not there. The console tells again what stood in it.
            return null;
        }
    }

    void Write(string name, string text) => Write(Path.Combine(_path, name), System.Text.Encoding.UTF8.GetBytes(text));

    static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var beside = path + ".new";
        using (var file = new FileStream(beside, Private(FileMode.Create)))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }

    static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    sealed record KeptConnection(string Endpoint, Dictionary<string, string> Headers, string? Given = null);
}
