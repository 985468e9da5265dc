using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Platform.Live;

/// <summary>
/// Sends each watched panel and scope to its group when its record changed: composed and serialised once, however many
/// listen. Nobody listening costs nothing. A publication that comes while the one before waits is sent as one.
/// </summary>
internal sealed class LiveBroadcast(SignalBoard board, IHubContext<LiveHub> hub, ILogger<LiveBroadcast> log) : BackgroundService
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Topic> _topics = [];
    readonly Channel<Topic> _due = Channel.CreateUnbounded<Topic>(new() { SingleReader = true });

    sealed class Topic(string group, HubPanel panel, SignalScope scope)
    {
        public readonly string Group = group;
        public readonly HubPanel Panel = panel;
        public readonly SignalScope Scope = scope;
        public readonly string ScopeName = scope.ToString();
        public int Listeners;
        public int Queued;
        public IDisposable? Watch;
    }

    public static string GroupOf(HubPanel panel, SignalScope scope) => $"{panel.Name}|{scope}";

    public int Topics
    {
        get
        {
            lock (_lock) return _topics.Count;
        }
    }

    public void Join(HubPanel panel, SignalScope scope)
    {
        var group = GroupOf(panel, scope);
        lock (_lock)
        {
            if (!_topics.TryGetValue(group, out var topic)) _topics[group] = topic = new(group, panel, scope);
            if (topic.Listeners++ > 0) return;
            topic.Watch = panel.Watch(board, scope, () => Queue(topic));
        }
    }

    public void Leave(HubPanel panel, SignalScope scope)
    {
        var group = GroupOf(panel, scope);
        lock (_lock)
        {
            if (!_topics.TryGetValue(group, out var topic) || --topic.Listeners > 0) return;
            _topics.Remove(group);
            topic.Watch?.Dispose();
        }
    }

    public object? Current(HubPanel panel, SignalScope scope) => panel.Current(board, scope);

    void Queue(Topic topic)
    {
        if (Interlocked.Exchange(ref topic.Queued, 1) == 0) _due.Writer.TryWrite(topic);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var topic in _due.Reader.ReadAllAsync(stoppingToken)) await SendAsync(topic, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The console stops.
        }
    }

    async Task SendAsync(Topic topic, CancellationToken ct)
    {
        Volatile.Write(ref topic.Queued, 0);
        try
        {
            if (topic.Panel.Current(board, topic.Scope) is not { } value) return;
            await hub.Clients.Group(topic.Group).SendAsync(LiveHub.Summary, topic.Panel.Name, topic.ScopeName, value, ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError(fault, "Sending {Group} to its listeners failed; the next change is sent again", topic.Group);
        }
    }
}
