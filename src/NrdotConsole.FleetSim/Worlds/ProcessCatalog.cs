using System.Collections.Concurrent;
using System.Globalization;
using static NrdotConsole.FleetSim.Worlds.ProcessClass;

namespace NrdotConsole.FleetSim.Worlds;

public enum Role { Web, App, Db, Queue, K8s, Ci, Bastion }

/// <summary>What runs where.</summary>
static class ProcessCatalog
{
    static readonly ProcessSpec[] Everywhere =
    [
        new("systemd", "/usr/lib/systemd/systemd", "/sbin/init", "root", CriticalSystem, 0.002, 13),
        new("systemd-journald", "/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald", "root", CriticalSystem, 0.003, 38, 0, 12),
        new("systemd-udevd", "/usr/lib/systemd/systemd-udevd", "/lib/systemd/systemd-udevd", "root", CriticalSystem, 0.0005, 7),
        new("systemd-logind", "/usr/lib/systemd/systemd-logind", "/lib/systemd/systemd-logind", "root", CriticalSystem, 0.0005, 8),
        new("sshd", "/usr/sbin/sshd", "sshd: /usr/sbin/sshd -D [listener]", "root", CriticalSystem, 0.001, 9),
        new("chronyd", "/usr/sbin/chronyd", "/usr/sbin/chronyd -F 1", "_chrony", CriticalSystem, 0.0005, 4),
        new("rsyslogd", "/usr/sbin/rsyslogd", "/usr/sbin/rsyslogd -n -iNONE", "syslog", CriticalSystem, 0.004, 6, 0, 18, 4),
        new("dbus-daemon", "/usr/bin/dbus-daemon", "@dbus-daemon --system --nofork", "messagebus", Default, 0.0005, 5),
        new("cron", "/usr/sbin/cron", "/usr/sbin/cron -f -P", "root", Default, 0.0003, 3),
        new("agetty", "/usr/sbin/agetty", "/sbin/agetty -o -p -- \\u --noclear - linux", "root", Default, 0.0001, 2),
        new("polkitd", "/usr/lib/polkit-1/polkitd", "/usr/lib/polkit-1/polkitd --no-debug", "polkitd", Default, 0.0003, 9),
        new("nrdot-collector", "/usr/bin/nrdot-collector", "/usr/bin/nrdot-collector --config=/etc/nrdot-collector/config.yaml", "nrdot-collector", Default, 0.012, 92, 0, 1, 11),
        new("newrelic-infra", "/usr/bin/newrelic-infra", "/usr/bin/newrelic-infra", "root", Monitoring, 0.008, 48, 0, 2, 13),
    ];

    static readonly ProcessSpec[] Web =
    [
        new("nginx", "/usr/sbin/nginx", "nginx: worker process", "www-data", WebServer, 0.09, 42, 8, 30, 1, 4),
        new("haproxy", "/usr/sbin/haproxy", "/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg", "haproxy", WebServer, 0.06, 88, 0, 10, 4),
        new("node", "/usr/bin/node", "node /srv/storefront/server.js", "storefront", Application, 0.22, 310, 10, 6, 11, 3),
        new("php-fpm8.2", "/usr/sbin/php-fpm8.2", "php-fpm: pool www", "www-data", Application, 0.05, 64, 4, 4, 1, 3),
        new("telegraf", "/usr/bin/telegraf", "/usr/bin/telegraf -config /etc/telegraf/telegraf.conf", "telegraf", Monitoring, 0.009, 60, 0, 3, 12),
    ];

    static readonly ProcessSpec[] App =
    [
        new("java", "/usr/lib/jvm/java-21-openjdk-amd64/bin/java", "java -Xmx3g -jar /opt/orders/orders.jar", "orders", Application, 0.45, 2100, 15, 40, 88),
        new("java", "/usr/lib/jvm/java-21-openjdk-amd64/bin/java", "java -Xmx2g -jar /opt/payments/payments.jar", "payments", Application, 0.3, 1450, 6, 25, 64),
        new("dotnet", "/usr/share/dotnet/dotnet", "dotnet /srv/inventory/Inventory.Api.dll", "inventory", Application, 0.18, 420, 4, 8, 34),
        new("python3", "/usr/bin/python3.11", "python3 -m gunicorn recommendations.wsgi", "recs", Application, 0.12, 280, 6, 2, 4, 3),
        new("redis-server", "/usr/bin/redis-server", "/usr/bin/redis-server 127.0.0.1:6379", "redis", Database, 0.04, 180, 0, 20, 5),
        new("envoy", "/usr/local/bin/envoy", "/usr/local/bin/envoy -c /etc/envoy/envoy.yaml", "envoy", WebServer, 0.05, 74, 0, 3, 6),
    ];

    static readonly ProcessSpec[] Db =
    [
        new("postgres", "/usr/lib/postgresql/16/bin/postgres", "/usr/lib/postgresql/16/bin/postgres -D /var/lib/postgresql/16/main", "postgres", Database, 0.14, 620, 900, 700, 1, 5),
        new("pgbouncer", "/usr/sbin/pgbouncer", "/usr/sbin/pgbouncer /etc/pgbouncer/pgbouncer.ini", "postgres", Default, 0.03, 14, 0, 2),
        new("redis-server", "/usr/bin/redis-server", "/usr/bin/redis-server *:6379", "redis", Database, 0.06, 850, 0, 60, 5),
        new("prometheus-postgres-exporter", "/usr/bin/prometheus-postgres-exporter", "/usr/bin/prometheus-postgres-exporter --web.listen-address=:9187", "prometheus", Monitoring, 0.006, 22, 0, 0, 9),
    ];

    static readonly ProcessSpec[] Queue =
    [
        new("beam.smp", "/usr/lib/erlang/erts-13.1.5/bin/beam.smp", "beam.smp -W w -- -root /usr/lib/erlang -s rabbit boot", "rabbitmq", Application, 0.25, 540, 20, 180, 35),
        new("kafka-server", "/opt/kafka/bin/kafka-server", "kafka-server /opt/kafka/config/server.properties", "kafka", MessageQueue, 0.35, 2400, 400, 2600, 96),
        new("nats-server", "/usr/bin/nats-server", "/usr/bin/nats-server -c /etc/nats-server.conf", "nats", MessageQueue, 0.05, 66, 0, 15, 14),
        new("redis-server", "/usr/bin/redis-server", "/usr/bin/redis-server *:6379", "redis", Database, 0.04, 260, 0, 30, 5),
    ];

    static readonly ProcessSpec[] K8s =
    [
        new("kubelet", "/usr/bin/kubelet", "/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml", "root", Container, 0.09, 110, 4, 20, 28),
        new("containerd", "/usr/bin/containerd", "/usr/bin/containerd", "root", Container, 0.06, 84, 10, 30, 32),
        new("kube-proxy", "/usr/local/bin/kube-proxy", "/usr/local/bin/kube-proxy --config=/var/lib/kube-proxy/config.conf", "root", Container, 0.01, 46, 0, 0, 9),
        new("containerd-shim-runc-v2", "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2 -namespace k8s.io", "root", Container, 0.003, 14, 0, 0, 11, 5),
        new("coredns", "/coredns", "/coredns -conf /etc/coredns/Corefile", "nobody", Default, 0.01, 34, 0, 0, 12),
        new("go", "/app/catalog", "/app/catalog serve", "65532", Application, 0.14, 150, 0, 2, 18, 2),
        new("java", "/opt/java/openjdk/bin/java", "java -XX:MaxRAMPercentage=70 -jar /app/checkout.jar", "1000", Application, 0.28, 900, 2, 10, 60),
        new("node", "/usr/local/bin/node", "node dist/main.js", "1000", Application, 0.11, 190, 0, 2, 11, 3),
    ];

    static readonly ProcessSpec[] Ci =
    [
        new("java", "/usr/lib/jvm/java-17-openjdk-amd64/bin/java", "java -jar /usr/share/java/jenkins.war", "jenkins", Application, 0.3, 1700, 60, 300, 72),
        new("gitlab-runner", "/usr/bin/gitlab-runner", "/usr/bin/gitlab-runner run", "gitlab-runner", CiCd, 0.05, 78, 10, 60, 20),
        new("dockerd", "/usr/bin/dockerd", "/usr/bin/dockerd -H fd://", "root", Container, 0.08, 130, 120, 500, 30),
        new("containerd", "/usr/bin/containerd", "/usr/bin/containerd", "root", Container, 0.04, 70, 10, 40, 24),
        new("bash", "/usr/bin/bash", "bash -e /builds/run.sh", "gitlab-runner", Default, 0.02, 5, 2, 2, 1, 2),
    ];

    static readonly ProcessSpec[] Bastion =
    [
        new("sshd", "/usr/sbin/sshd", "sshd: ops [priv]", "root", CriticalSystem, 0.002, 11, 0, 0, 1, 3),
        new("bash", "/usr/bin/bash", "-bash", "ops", Default, 0.001, 6, 0, 0, 1, 3),
        new("fail2ban-server", "/usr/bin/python3.11", "/usr/bin/python3 /usr/bin/fail2ban-server -xf start", "root", Default, 0.006, 32, 0, 1, 5),
        new("NetworkManager", "/usr/sbin/NetworkManager", "/usr/sbin/NetworkManager --no-daemon", "root", CriticalSystem, 0.001, 20, 0, 0, 3),
    ];

    /// <summary>Lives for seconds: what cron starts, new each time.</summary>
    public static readonly ProcessSpec CronChild = new("find", "/usr/bin/find", "find /var/tmp -mtime +7 -delete", "root", Noise, 0.05, 3, 200, 5);

    /// <summary>A pod that is replaced over and over.</summary>
    public static readonly ProcessSpec Pod = new("node", "/usr/local/bin/node", "node dist/worker.js", "1000", Application, 0.04, 120, 0, 1, 11);

    /// <summary>Most of a Linux host's processes: idle threads of the kernel, some of them one a core.</summary>
    public static IEnumerable<ProcessSpec> KernelThreads(int cores) => s_kernelThreads.GetOrAdd(cores, static count =>
    [
        .. s_kernelOnce.Select(Kernel),
        .. Enumerable.Range(0, count).SelectMany(core => s_kernelOfEachCore.Select(name => Kernel(string.Format(CultureInfo.InvariantCulture, name, core)))),
    ]);

    static readonly ConcurrentDictionary<int, ProcessSpec[]> s_kernelThreads = new();

    static readonly string[] s_kernelOnce =
    [
        "kthreadd", "rcu_gp", "rcu_preempt", "rcu_tasks_kthread", "kworker/u16:0-flush", "kworker/u16:1-events_unbound", "kdevtmpfs", "kauditd", "khungtaskd",
        "oom_reaper", "kcompactd0", "ksmd", "khugepaged", "kswapd0", "watchdogd", "jbd2/nvme0n1p1-8",
    ];

    static readonly string[] s_kernelOfEachCore = ["cpuhp/{0}", "migration/{0}", "ksoftirqd/{0}", "kworker/{0}:0-events", "kworker/{0}:1H-kblockd", "kworker/{0}:2-mm_percpu_wq"];

    static ProcessSpec Kernel(string name) => new(name, "", "", "root", Noise, 0.0002, 0);

    public static IEnumerable<ProcessSpec> For(Role role) => Everywhere.Concat(role switch
    {
        Role.Web => Web,
        Role.App => App,
        Role.Db => Db,
        Role.Queue => Queue,
        Role.K8s => K8s,
        Role.Ci => Ci,
        _ => Bastion,
    });
}
