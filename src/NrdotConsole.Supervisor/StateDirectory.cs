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
internal sealed class StateDirectory
{
    readonly string _path;

    public StateDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_path);
        else Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

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

    public OpAmpConnection? Connection
    {
        get => ReadJson<KeptConnection>("connection.json") is { } kept && Uri.TryCreate(kept.Endpoint, UriKind.Absolute, out var uri)
            ? new(uri, [.. kept.Headers.Select(h => new Header(h.Key, h.Value))])
            : null;
        set => Write("connection.json", JsonSerializer.Serialize(new KeptConnection(value!.Endpoint.ToString(), value.Headers.ToDictionary(h => h.Key, h => h.Value))));
    }

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
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(beside, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }

    sealed record KeptConnection(string Endpoint, Dictionary<string, string> Headers);
}
