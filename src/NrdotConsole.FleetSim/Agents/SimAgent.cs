using System.Text;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.OpAmp;
using NrdotConsole.Protocol.OpAmp.Client;

namespace NrdotConsole.FleetSim.Agents;

/// <summary>
/// The supervisor of a simulated host: speaks OpAMP for real and has the host's simulated collector run what it is sent. What it does, it
/// does on the world's thread; what it tells goes out on its own connection.
/// </summary>
sealed class SimAgent : IDisposable
{
    const AgentCapabilities Can = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig
        | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsHeartbeat | AgentCapabilities.AcceptsRestartCommand;

    readonly World _world;
    readonly CancellationTokenSource _alone = new();
    readonly AgentConversation _conversation;
    string _running;
    byte[] _lastHash = [];

    public SimAgent(World world, SimHost host, string bootstrap, OpAmpConnection connection, Action<SimAgent, ServerToAgent> received, TimeProvider time)
    {
        (_world, Host, _running) = (world, host, bootstrap);
        _conversation = new(StableHash.Guid(host.Key, 70), Describe(host), Can);
        _conversation.Tell(Effective(bootstrap));
        _conversation.Tell(Health(true, "", time.GetUtcNow()));
        Client = new(_conversation, connection, (message, _) =>
        {
            received(this, message);
            return Task.CompletedTask;
        }, time, new Random((int)host.Key));
    }

    public SimHost Host { get; }
    public OpAmpClient Client { get; }

    /// <summary>Until told to stop, or until it falls silent: then without a word.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _alone.Token);
        using var silence = _alone.Token.Register(() => Client.SaysGoodbye = false);
        await Client.RunAsync(both.Token);
    }

    public void Dispose() => _alone.Dispose();

    /// <summary>What it is about to do and when, one at a time: a newer configuration takes the place of one not yet applied.</summary>
    public (long AtMs, Action<DateTimeOffset> Do)? Next { get; private set; }

    public void Take(ServerToAgent message, AgentFaults faults, DateTimeOffset now)
    {
        if (message.Command == AgentCommand.Restart) Restart(now);
        if (message.RemoteConfig is not { } offer || offer.Hash.Span.SequenceEqual(_lastHash)) return;
        var hash = offer.Hash.ToArray();
        var text = offer.Config.Files.Count == 1 ? Encoding.UTF8.GetString(offer.Config.Files.Single().Value.Body.Span) : "";
        if (string.IsNullOrWhiteSpace(text))
        {
            Tell(hash, RemoteConfigStatuses.Failed, "The offered configuration is empty; the collector goes on with what it runs.");
            return;
        }
        _lastHash = hash;
        Tell(hash, RemoteConfigStatuses.Applying);
        var fault = faults.Of(Host, now.ToUnixTimeMilliseconds());
        if (fault == AgentFault.Hang) return;
        var validating = 50 + (250 * StableHash.Unit(StableHash.Mix(Host.Key, 71, (ulong)now.ToUnixTimeMilliseconds())));
        Plan(now + (fault == AgentFault.Slow ? TimeSpan.FromSeconds(30) : TimeSpan.FromMilliseconds(validating)), at => Apply(hash, text, fault, at));
    }

    void Apply(byte[] hash, string text, AgentFault fault, DateTimeOffset now)
    {
        var config = AppliedConfig.Load(text, out var invalid);
        if (config is null || fault == AgentFault.Reject)
        {
            Tell(hash, RemoteConfigStatuses.Failed, $"The collector refuses it: {invalid ?? "Error: cannot unmarshal the configuration (simulated)"}");
            return;
        }
        _world.Apply(Host, config, now);
        if (fault == AgentFault.Silent)
        {
            _world.Silence(Host, DateTimeOffset.MaxValue);
            _alone.Cancel();
            return;
        }
        if (fault == AgentFault.Crash)
        {
            Crash(hash, now);
            return;
        }
        _running = text;
        _conversation.Tell(Effective(text));
        _conversation.Tell(Health(true, "", now));
        Tell(hash, RemoteConfigStatuses.Applied);
    }

    /// <summary>It comes up, ends, comes up, ends; then the supervisor has the last good one run again.</summary>
    void Crash(byte[] hash, DateTimeOffset now)
    {
        const string error = "The collector ended with it: panic: runtime error (simulated)";
        _world.Silence(Host, now + TimeSpan.FromSeconds(3));
        _conversation.Tell(Health(false, error, now));
        Client.Wake();
        Plan(now + TimeSpan.FromSeconds(3), at =>
        {
            if (AppliedConfig.Load(_running, out _) is { } last) _world.Apply(Host, last, at);
            _conversation.Tell(Health(true, "", at));
            Tell(hash, RemoteConfigStatuses.Failed, error);
        });
    }

    void Restart(DateTimeOffset now)
    {
        _world.Restart(Host, now);
        _conversation.Tell(Health(true, "", now));
        Client.Wake();
    }

    public void Do(DateTimeOffset now)
    {
        var due = Next;
        Next = null;
        due?.Do(now);
    }

    void Plan(DateTimeOffset at, Action<DateTimeOffset> what) => Next = (at.ToUnixTimeMilliseconds(), what);

    void Tell(byte[] hash, RemoteConfigStatuses status, string error = "")
    {
        _conversation.Tell(new RemoteConfigStatus(hash, status, error));
        Client.Wake();
    }

    static ComponentHealth Health(bool isHealthy, string error, DateTimeOffset since) => new(isHealthy)
    {
        StartTimeUnixNano = (ulong)since.ToUnixTimeMilliseconds() * 1_000_000,
        StatusTimeUnixNano = (ulong)since.ToUnixTimeMilliseconds() * 1_000_000,
        Status = isHealthy ? "running" : "not running",
        LastError = error,
    };

    static AgentConfigMap Effective(string text) => new(new Dictionary<string, AgentConfigFile> { [""] = new(Encoding.UTF8.GetBytes(text), "text/yaml") });

    static AgentDescription Describe(SimHost host) => new(
        [new("service.name", "nrdot-collector"), new("service.version", Names.CollectorVersion), new("service.instance.id", $"{StableHash.Guid(host.Key, 70)}")],
        [new("host.id", host.Id), new("host.name", host.Name), new("os.type", "linux"), new("nrdot.tenant", host.Tenant)]);
}
