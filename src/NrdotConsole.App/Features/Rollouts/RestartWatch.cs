using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>
/// Counts how often collectors began anew since a wave began: a start that lies later than the last one known. In memory: a console that starts
/// in between counts from there. Not safe for concurrent use.
/// </summary>
internal sealed class RestartWatch
{
    /// <summary>Uptime is told in whole seconds, and points take their time.</summary>
    static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);

    readonly Dictionary<(string Tenant, string HostKey), (DateTimeOffset Started, int Restarts)> _hosts = [];

    public void Begin()
    {
        foreach (var (key, host) in _hosts) _hosts[key] = host with { Restarts = 0 };
    }

    public void See(HostRow row)
    {
        if (row.Collector is not { Uptime: { } uptime, At: { } at }) return;
        var started = at - uptime;
        if (!_hosts.TryGetValue((row.Tenant, row.HostKey), out var known)) _hosts[(row.Tenant, row.HostKey)] = (started, 0);
        else if (started - known.Started > s_slack) _hosts[(row.Tenant, row.HostKey)] = (started, known.Restarts + 1);
    }

    /// <summary>When its collector last began, by the host's clock; null where it does not tell.</summary>
    public DateTimeOffset? StartedAt((string Tenant, string HostKey) host) => _hosts.TryGetValue(host, out var known) ? known.Started : null;

    public int Of((string Tenant, string HostKey) host) => _hosts.GetValueOrDefault(host).Restarts;
}
