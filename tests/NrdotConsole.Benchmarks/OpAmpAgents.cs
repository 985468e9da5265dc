using System.Net.WebSockets;
using System.Text;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.Benchmarks;

/// <summary>Agents that say what a supervisor says, and apply what they are offered by saying so.</summary>
internal sealed class OpAmpAgents(Uri address, string token) : IAsyncDisposable
{
    const AgentCapabilities Can =
        AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig
        | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat;

    const int ConnectingAtOnce = 64;

    readonly SocketsHttpHandler _handler = new() { MaxConnectionsPerServer = int.MaxValue };
    readonly List<Agent> _agents = [];
    readonly CancellationTokenSource _ended = new();
    readonly TaskCompletionSource _allApplied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _applied, _lost;
    long _replies;

    public int Lost => Volatile.Read(ref _lost);

    public async Task ConnectAsync(int count)
    {
        using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
        for (var i = 0; i < count; i++) _agents.Add(new(Guid.CreateVersion7(), i));
        await Parallel.ForEachAsync(_agents, new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce }, async (agent, ct) =>
        {
            agent.Socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            agent.Socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await agent.Socket.ConnectAsync(address, invoker, ct);
            await agent.SayAsync(agent.First());
            agent.Listening = ListenAsync(agent);
        });
    }

    public Task UntilAppliedAsync(TimeSpan limit) => _allApplied.Task.WaitAsync(limit);

    /// <summary>Has each agent beat once an interval, evenly spread; answers how many replies came.</summary>
    public async Task<long> BeatAsync(TimeSpan interval, CancellationToken ct)
    {
        var before = Volatile.Read(ref _replies);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            for (var beat = 0L; ; beat++)
            {
                var due = interval * ((double)beat / _agents.Count) - TimeProvider.System.GetElapsedTime(begun);
                if (due > TimeSpan.FromMilliseconds(5)) await Task.Delay(due, ct);
                ct.ThrowIfCancellationRequested();
                var agent = _agents[(int)(beat % _agents.Count)];
                await agent.SayAsync(new(agent.Uid) { Capabilities = Can });
            }
        }
        catch (OperationCanceledException)
        {
            return Volatile.Read(ref _replies) - before;
        }
    }

    async Task ListenAsync(Agent agent)
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var (length, end) = (0, false);
                while (!end)
                {
                    if (length == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
                    var read = await agent.Socket.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
                    (length, end) = (length + read.Count, read.EndOfMessage);
                    if (read.MessageType == WebSocketMessageType.Close) throw new WebSocketException("closed");
                }
                Interlocked.Increment(ref _replies);
                if (length < 512) continue;
                if (OpAmpCodec.ReadServerToAgent(OpAmpCodec.Unframe(buffer.AsSpan(0, length)), out _)?.RemoteConfig is not { } offer) continue;
                buffer = new byte[512];
                await agent.SayAsync(new(agent.Uid) { Capabilities = Can, RemoteConfigStatus = new(offer.Hash, RemoteConfigStatuses.Applied), EffectiveConfig = offer.Config });
                if (Interlocked.Increment(ref _applied) == _agents.Count) _allApplied.TrySetResult();
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            if (!_ended.IsCancellationRequested) Interlocked.Increment(ref _lost);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        foreach (var agent in _agents) agent.Socket.Dispose();
        await Task.WhenAll(_agents.Select(a => a.Listening));
        _handler.Dispose();
        _ended.Dispose();
    }

    sealed class Agent(Guid uid, int number)
    {
        ulong _sequence;

        public Guid Uid => uid;
        public ClientWebSocket Socket { get; } = new();
        public Task Listening { get; set; } = Task.CompletedTask;

        public AgentToServer First() => new(uid)
        {
            Capabilities = Can,
            Description = new(
                [new("service.name", "nrdot-collector"), new("service.version", "2.3.0"), new("service.instance.id", uid.ToString())],
                [new("host.id", $"machine-{number:00000}"), new("host.name", $"host-{number:00000}"), new("os.type", "linux"), new("os.description", "Debian GNU/Linux 13")]),
            Health = new(true)
            {
                Status = "StatusOK",
                Parts = new Dictionary<string, ComponentHealth>
                {
                    ["extensions"] = new(true) { Status = "StatusOK" },
                    ["pipeline:metrics/host"] = new(true) { Status = "StatusOK", Parts = new Dictionary<string, ComponentHealth> { ["receiver:host_metrics"] = new(true) { Status = "StatusOK" }, ["exporter:otlp_http"] = new(true) { Status = "StatusOK" } } },
                },
            },
            EffectiveConfig = new(new Dictionary<string, AgentConfigFile> { [""] = new(Encoding.UTF8.GetBytes("receivers: {}\n"), "text/yaml") }),
            RemoteConfigStatus = new(default, RemoteConfigStatuses.Unset),
        };

        public async Task SayAsync(AgentToServer message) => await Socket.SendAsync(OpAmpCodec.Write(message with { SequenceNum = ++_sequence }, webSocket: true), WebSocketMessageType.Binary, true, CancellationToken.None);
    }
}
