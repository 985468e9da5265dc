using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using NrdotConsole.Core.Text;

namespace NrdotConsole.Core.Fleet;

/// <summary>One line of the table: executables whose name matches <paramref name="Pattern"/> are of this class.</summary>
public sealed record ClassificationLine(string Class, int ImportanceTenths, string Pattern);

/// <summary>
/// Which class an executable belongs to, by its name. The first line that matches wins; a name that none matches is
/// <see cref="Other"/> with importance 0.3. Names are compared without a path, without <c>.exe</c>, in lower case, so
/// one table serves Linux and Windows. Answers are remembered a name, up to <see cref="RememberedNamesLimit"/>.
/// </summary>
public sealed class ProcessClassification
{
    public const int RememberedNamesLimit = 20_000;

    static readonly ClassificationLine[] s_defaultLines =
    [
        new("critical_system", 10, @"^(init|systemd|kernel|sshd|networkmanager|chronyd|rsyslogd)$"),
        new("critical_system", 10, @"^systemd-"),
        new("critical_system", 10, @"^(system|smss|csrss|wininit|services|lsass|svchost|winlogon)$"),
        new("monitoring", 3, @"newrelic|datadog|splunkd|telegraf|prometheus|grafana|collectd|filebeat|metricbeat|otelcol|nrdot|node_exporter"),
        new("database", 9, @"^(postgres|postmaster|mysqld|mariadbd|mongod|redis-server|cassandra|elasticsearch|influxd|cockroach|sqlservr|oracle)"),
        new("web_server", 8, @"^(nginx|apache2?$|httpd|haproxy|envoy|traefik|caddy|varnish|w3wp$)"),
        new("message_queue", 8, @"^(rabbitmq|kafka|activemq|nats-server|pulsar|mosquitto)"),
        new("container", 7, @"^(dockerd|containerd|kubelet|kube-proxy|cri-?o|podman)"),
        new("ci_cd", 4, @"^(jenkins|gitlab-runner|runner\.(listener|worker)|buildkite-agent|teamcity|bamboo|drone)"),
        new("noise", 0, @"^(kworker|ksoftirqd|migration|rcu_|kthreadd|idle_inject|cpuhp|irq/|scsi_|jbd2|kswapd|kcompactd|kdamond|xfs-|xfsaild|md[0-9]|usb-storage)"),
        new("noise", 0, @"^(kauditd|kdevtmpfs|khungtaskd|khugepaged|ksmd|oom_reaper|pool_workqueue_|writeback|kintegrityd|kblockd|kthrotld|blkcg_punt_bio|inet_frag_wq|netns|mm_percpu_wq|slub_flushwq|tpm_dev_wq|ata_sff|edac-poller|devfreq_wq|watchdogd|hwrng|kstrp|mld|ipv6_addrconf|nvme-|ext4-rsv-conver|zswap-shrink|psimon)"),
        new("noise", 0, @"^(ps|ls|cat|grep|awk|gawk|mawk|sed|find|which|sleep|true|head|tail|sort|uniq|wc|cut|tr|xargs|date|id|uname|pgrep)$"),
        new("utility", 1, @"^(bash|sh|dash|zsh|fish|sudo|su|cron|crond|atd|agetty|login|tmux|screen|less|more|vim?|nano|top|htop|curl|wget|tar|gzip|rsync|scp|ssh|ssh-agent|make|git|polkitd|dbus-daemon|cmd|conhost|powershell|pwsh)$"),
        new("application", 6, @"^(java|python[0-9.]*|ruby[0-9.]*|node(js)?|dotnet|php(-fpm)?[0-9.]*|perl[0-9.]*|go|beam\.smp)$"),
    ];

    public static ProcessClassification Default { get; } = new(s_defaultLines);

    readonly (Regex Pattern, ProcessClass Class)[] _lines;
    readonly ConcurrentDictionary<string, ProcessClass> _remembered = new(StringComparer.Ordinal);

    public ProcessClassification(IReadOnlyList<ClassificationLine> lines)
    {
        Other = new(0, "other", 3);
        var classes = new List<ProcessClass> { Other };
        _lines = new (Regex, ProcessClass)[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var known = classes.Find(c => c.Name == line.Class);
            if (known is null) classes.Add(known = new(classes.Count, line.Class, line.ImportanceTenths));
            // Linear time whatever the name: names come from strangers.
            _lines[i] = (LinearRegex.Of(line.Pattern), known);
        }
        Lines = lines;
        Classes = classes;
    }

    /// <summary>Executables that collectors always send, whatever their class.</summary>
    public IReadOnlyList<string> Declared { get; init; } = [];

    /// <summary>What no line matches.</summary>
    public ProcessClass Other { get; }

    /// <summary>Every class once; <see cref="ProcessClass.Index"/> is its place here.</summary>
    public IReadOnlyList<ProcessClass> Classes { get; }

    public IReadOnlyList<ClassificationLine> Lines { get; }

    public ProcessClass Of(string executable)
    {
        if (_remembered.TryGetValue(executable, out var known)) return known;
        var found = Match(Simplify(executable));
        if (_remembered.Count < RememberedNamesLimit) _remembered.TryAdd(executable, found);
        return found;
    }

    ProcessClass Match(string name)
    {
        foreach (var (pattern, found) in _lines)
        {
            if (pattern.IsMatch(name)) return found;
        }
        return Other;
    }

    static string Simplify(string executable)
    {
        var name = executable.AsSpan().Trim("[] ");
        // A kernel thread's name has slashes of its own (kworker/0:1); a path starts with one, or with a drive.
        if (name.Length > 0 && (name[0] == '/' || name.Contains('\\'))) name = name[(name.LastIndexOfAny('/', '\\') + 1)..];
        if (name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)) name = name[..^4];
        return name.ToString().ToLowerInvariant();
    }
}
