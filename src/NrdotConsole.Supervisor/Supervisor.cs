using System.Threading.Channels;
using NrdotConsole.Protocol.OpAmp;
using NrdotConsole.Protocol.OpAmp.Client;

namespace NrdotConsole.Supervisor;

/// <summary>
/// Keeps the collector running, lets the console steer it, and tells the console how it is. Without the console everything goes on with
/// the last known good configuration.
/// </summary>
internal sealed class Supervisor : IDisposable
{
    static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500), s_healthEvery = TimeSpan.FromSeconds(5), s_longestPause = TimeSpan.FromSeconds(30);

    readonly SupervisorOptions _options;
    readonly StateDirectory _state;
    readonly TimeProvider _time;
    readonly TextWriter _log;
    readonly CollectorProcess _collector;
    readonly HealthProbe _probe;
    readonly ConfigTrial _trial;
    readonly AgentConversation _conversation;
    readonly OpAmpClient _client;

    /// <summary>Held by who starts, stops or reloads the collector.</summary>
    readonly SemaphoreSlim _hand = new(1, 1);

    /// <summary>The newest offer waits while another is on trial; one that it supersedes is never tried.</summary>
    readonly Channel<AgentRemoteConfig> _offers = Channel.CreateBounded<AgentRemoteConfig>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Channel<AgentCommand> _commands = Channel.CreateBounded<AgentCommand>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    string _healthTold = "";

    public Supervisor(SupervisorOptions options, TimeProvider time, Random jitter, TextWriter log)
    {
        (_options, _time, _log) = (options, time, log);
        _state = new(options.StateDirectory);
        if (_state.InstanceUid == Guid.Empty) _state.InstanceUid = Guid.CreateVersion7(time.GetUtcNow());
        _collector = new(options, _state, time, log);
        _probe = new(options);
        _trial = new(options, _state, _collector, _probe, time, log);
        _conversation = new(_state.InstanceUid, Description(""), Capabilities);
        Header[] headers = options.Token is { Length: > 0 } token ? [new("Authorization", $"Bearer {token}")] : [];
        var given = new OpAmpConnection(options.Endpoint, headers) { Heartbeat = options.Heartbeat };
        var kept = _state.ConnectionOf(options.Endpoint);
        if (kept is null && headers.Length == 0) log.WriteLine($"There is no enrolment token ({CommandLine.TokenVariable}): the console may turn this agent away.");
        _client = new(_conversation, kept is null ? given : kept with { Heartbeat = options.Heartbeat }, Receive, time, jitter)
        {
            Fallback = given,
            LinkChanged = (link, why) => _log.WriteLine($"console: {link}: {why}"),
            IdentityChanged = (uid, agreed) =>
            {
                _state.InstanceUid = uid;
                _state.KeepConnection(agreed, options.Endpoint);
            },
        };
    }

    static AgentCapabilities Capabilities =>
        AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig | AgentCapabilities.ReportsRemoteConfig
        | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat | AgentCapabilities.AcceptsRestartCommand | AgentCapabilities.ReportsAvailableComponents
        | AgentCapabilities.AcceptsOpAmpConnectionSettings | AgentCapabilities.ReportsConnectionSettingsStatus;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await BeginAsync(ct);
            await Task.WhenAll(_client.RunAsync(ct), WatchAsync(ct), TellHealthAsync(ct), TakeOffersAsync(ct), ObeyAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        finally
        {
            await _collector.StopAsync();
        }
    }

    public void Dispose()
    {
        _collector.Dispose();
        _probe.Dispose();
        _hand.Dispose();
        _state.Dispose();
    }

    async Task BeginAsync(CancellationToken ct)
    {
        _collector.StopLeftover();
        if (_state.IsOnTrial)
        {
            // This program ended while a configuration was on trial: nobody saw it run well.
            if (_state.Status is { } cut) _state.Status = cut with { Status = RemoteConfigStatuses.Failed, Error = "The supervisor ended while this configuration was on trial; the last good one runs." };
            _state.Restore();
        }
        if (!File.Exists(_state.Config) && _options.BootstrapConfig is { } bootstrap) _state.WriteConfig(await File.ReadAllBytesAsync(bootstrap, ct));
        _conversation.Tell(Description(ComponentList.Version(await _collector.AskAsync("--version", ct))));
        if (ComponentList.Parse(await _collector.AskAsync("components", ct)) is { } components) _conversation.Tell(components);
        if (_state.Status is { } status) _conversation.Tell(new RemoteConfigStatus(Convert.FromHexString(status.Hash), status.Status, status.Error));
        try
        {
            if (File.Exists(_state.Config)) _collector.Start();
            else _log.WriteLine("There is no configuration yet: the collector waits for the console's.");
        }
        catch (InvalidOperationException fault)
        {
            // The console shall hear of it; it is tried again after a pause.
            _log.WriteLine(fault.Message);
        }
        TellEffective();
    }

    /// <summary>A trial takes long: the conversation goes on meanwhile, heartbeats and all.</summary>
    Task Receive(ServerToAgent message, CancellationToken ct)
    {
        if (message.Command is { } command) _commands.Writer.TryWrite(command);
        if (message.RemoteConfig is { } offer) _offers.Writer.TryWrite(offer);
        return Task.CompletedTask;
    }

    async Task TakeOffersAsync(CancellationToken ct)
    {
        await foreach (var offer in _offers.Reader.ReadAllAsync(ct)) await TakeAsync(offer, ct);
    }

    async Task ObeyAsync(CancellationToken ct)
    {
        await foreach (var command in _commands.Reader.ReadAllAsync(ct))
        {
            if (command != AgentCommand.Restart || !File.Exists(_state.Config)) continue;
            await _hand.WaitAsync(ct);
            try
            {
                await _collector.StopAsync();
                _collector.Start();
            }
            catch (InvalidOperationException fault)
            {
                _log.WriteLine(fault.Message);
            }
            finally
            {
                _hand.Release();
            }
        }
    }

    async Task TakeAsync(AgentRemoteConfig offer, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(offer.Hash.Span);
        // What was tried stays tried: a failed one is not tried again because the console repeats it.
        if (_state.Status is { } known && known.Hash == hash && known.Status != RemoteConfigStatuses.Applying) return;
        var (yaml, fault) = ConfigTrial.FileOf(offer.Config);
        if (fault is null)
        {
            TellStatus(new(hash, RemoteConfigStatuses.Applying, ""));
            _client.Wake();
            await _hand.WaitAsync(ct);
            try
            {
                fault = await _trial.RunAsync(yaml, ct);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                fault = broken.Message;
            }
            finally
            {
                _hand.Release();
            }
        }
        _log.WriteLine(fault is null ? $"configuration {hash[..Math.Min(12, hash.Length)]} runs" : $"configuration {hash[..Math.Min(12, hash.Length)]} failed: {fault}");
        TellStatus(new(hash, fault is null ? RemoteConfigStatuses.Applied : RemoteConfigStatuses.Failed, fault ?? ""));
        TellEffective();
    }

    /// <summary>Starts a collector that ended by itself: at once the first time, then after a pause that doubles. On probation its configuration gives way the second time.</summary>
    async Task WatchAsync(CancellationToken ct)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            await Task.Delay(s_lookEvery, _time, ct);
            if (_collector.IsRunning || !_collector.IsWanted) continue;
            if (_time.GetUtcNow() - _collector.StartedAt > s_longestPause) pause = TimeSpan.Zero;
            await Task.Delay(pause, _time, ct);
            pause = TimeSpan.FromSeconds(Math.Clamp(pause.TotalSeconds * 2, 1, s_longestPause.TotalSeconds));
            await _hand.WaitAsync(ct);
            try
            {
                // Meanwhile a new configuration, or a restart that the console asked for, may have started it.
                if (!_collector.IsRunning) await ReviveAsync(ct);
            }
            catch (InvalidOperationException fault)
            {
                // Its program cannot be started just now, as during an update of it: tried again after the pause.
                _log.WriteLine(fault.Message);
            }
            finally
            {
                _hand.Release();
            }
        }
    }

    async Task ReviveAsync(CancellationToken ct)
    {
        _log.WriteLine($"the collector does not run: {_collector.WhyNot}");
        if (!_trial.IsOnProbation || _state.Status is not { Status: RemoteConfigStatuses.Applied } status)
        {
            _collector.Start();
            return;
        }
        if (await _trial.ReviveAsync(ct) is not { } fault)
        {
            _log.WriteLine("it runs again with the same configuration; should it end once more soon, the last good one takes its place");
            return;
        }
        _log.WriteLine(fault);
        TellStatus(status with { Status = RemoteConfigStatuses.Failed, Error = fault });
        TellEffective();
    }

    async Task TellHealthAsync(CancellationToken ct)
    {
        while (true)
        {
            // One that just ended is started again at once: that it was away for a moment is told by its new start time.
            if (!_collector.IsRunning && _collector.IsWanted) await Task.Delay(2 * s_lookEvery, _time, ct);
            var reading = _collector.IsRunning ? await _probe.ReadAsync(ct) : HealthReading.Unknown;
            var health = HealthOf(reading);
            // Told when it changes, not when only time does.
            var told = $"{health.Healthy}|{health.Status}|{health.LastError}|{health.StartTimeUnixNano}";
            if (told != _healthTold)
            {
                _healthTold = told;
                _conversation.Tell(health);
                _client.Wake();
            }
            await Task.Delay(s_healthEvery, _time, ct);
        }
    }

    ComponentHealth HealthOf(HealthReading reading)
    {
        var isRunning = _collector.IsRunning;
        var isHealthy = isRunning && reading.Ready != false;
        var status = !isRunning ? "not running" : reading.QueueShare >= 0.8 ? $"running, queue {reading.QueueShare:P0} full" : "running";
        // An event of its health, and no failure: the new start time says when.
        if (isRunning && _trial.EndedOnce is { } ended) status += $", started again once: it had ended by itself {ended}";
        return new(isHealthy)
        {
            StartTimeUnixNano = isRunning ? (ulong)_collector.StartedAt.ToUnixTimeMilliseconds() * 1_000_000 : 0,
            Status = status,
            LastError = isHealthy ? "" : isRunning ? reading.Detail : _collector.WhyNot,
            StatusTimeUnixNano = (ulong)_time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000,
        };
    }

    void TellStatus(KeptStatus status)
    {
        _state.Status = status;
        _conversation.Tell(new RemoteConfigStatus(Convert.FromHexString(status.Hash), status.Status, status.Error));
        _client.Wake();
    }

    void TellEffective()
    {
        if (!File.Exists(_state.Config)) return;
        _conversation.Tell(new AgentConfigMap(new Dictionary<string, AgentConfigFile> { [""] = new(File.ReadAllBytes(_state.Config), "text/yaml") }));
        _client.Wake();
    }

    AgentDescription Description(string version)
    {
        List<KeyValue> identifying = [new("service.name", _options.ServiceName), new("service.instance.id", _state.InstanceUid.ToString())];
        if (version.Length > 0) identifying.Add(new("service.version", version));
        return new(identifying,
        [
            new("host.id", _options.HostId.Length > 0 ? _options.HostId : _options.HostName),
            new("host.name", _options.HostName),
            new("os.type", OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux"),
            new("os.description", System.Runtime.InteropServices.RuntimeInformation.OSDescription),
        ]);
    }
}
