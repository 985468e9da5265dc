namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Hosts that every rendered configuration is tried on before it goes anywhere: what a Linux database, web, application and container
/// host and a Windows server run, idle and busy. All classes of the shipped classification stand here, the critical ones idle as well:
/// nothing but their class may save them.
/// </summary>
public static class SampleHosts
{
    const long Mb = 1_000_000;

    static readonly SampleProcess[] s_system =
    [
        new("systemd", MemoryBytes: 12 * Mb), new("systemd-journald", MemoryBytes: 40 * Mb), new("systemd-udevd"), new("systemd-logind"),
        new("systemd-resolved", "systemd-resolve"), new("sshd", MemoryBytes: 8 * Mb, Count: 3), new("chronyd", "_chrony"), new("rsyslogd", "syslog", 0.1, 6 * Mb),
        new("NetworkManager", MemoryBytes: 20 * Mb), new("init"), new("cron"), new("agetty", Count: 2), new("dbus-daemon", "messagebus"), new("polkitd", "polkitd"),
        new("bash", "ops", 0, 5 * Mb, 0, 4), new("sudo"), new("rsync", "backup", 3, 15 * Mb, 4_000_000), new("ps", "ops"), new("grep", "ops"),
        new("kworker/0:1", Count: 24), new("ksoftirqd/0", Count: 8), new("migration/0", Count: 8), new("rcu_sched"), new("jbd2/sda1-8"),
        new("nrdot-collector", "nrdot", 1.2, 120 * Mb), new("filebeat", "root", 0.8, 60 * Mb), new("node_exporter", "node", 0.2, 18 * Mb),
        new("snapd", MemoryBytes: 30 * Mb), new("unattended-upgr", MemoryBytes: 20 * Mb),
    ];

    public static readonly IReadOnlyList<HostSample> All =
    [
        new("linux database",
        [
            .. s_system,
            new("postgres", "postgres", 0.1, 30 * Mb, 1_000, 40), new("postgres", "postgres", 65, 2_400 * Mb, 30_000_000), new("postmaster", "postgres"),
            new("mysqld", "mysql"), new("mariadbd", "mysql"), new("mongod", "mongodb"), new("redis-server", "redis", 2, 300 * Mb), new("cassandra", "cassandra"),
            new("elasticsearch", "elastic", 20, 4_000 * Mb, 2_000_000), new("influxd", "influxdb"), new("cockroach", "roach"), new("pgbouncer", "postgres", 1, 10 * Mb),
        ]),
        new("linux web",
        [
            .. s_system,
            new("nginx", "www-data", 6, 40 * Mb, 80_000, 8), new("apache2", "www-data", 0, 20 * Mb, 0, 6), new("httpd", "apache"), new("haproxy", "haproxy", 12, 80 * Mb),
            new("envoy", "envoy", 9, 90 * Mb), new("traefik", "traefik"), new("caddy", "caddy"), new("varnishd", "vcache", 4, 900 * Mb),
            new("php-fpm8.2", "www-data", 3, 60 * Mb, 20_000, 20), new("gunicorn", "app", 8, 150 * Mb, 0, 6),
        ]),
        new("linux application",
        [
            .. s_system,
            new("java", "app", 45, 1_800 * Mb, 200_000, 4), new("java", "app", 0.2, 400 * Mb, 0, 3), new("python3", "app", 4, 90 * Mb, 0, 10), new("node", "app", 7, 180 * Mb, 0, 4),
            new("dotnet", "app", 11, 260 * Mb, 0, 3), new("ruby", "app", 1, 110 * Mb, 0, 2), new("beam.smp", "rabbitmq", 5, 300 * Mb), new("kafka", "kafka"),
            new("nats-server", "nats"), new("jenkins", "jenkins", 2, 700 * Mb), new("billing-worker", "app", 0, 35 * Mb, 0, 12), new("report-gen", "app", 30, 600 * Mb, 6_000_000),
        ]),
        new("linux containers",
        [
            .. s_system,
            new("containerd", MemoryBytes: 90 * Mb), new("dockerd", MemoryBytes: 110 * Mb), new("kubelet", "root", 3, 100 * Mb), new("kube-proxy", MemoryBytes: 40 * Mb), new("crio"),
            new("containerd-shim", MemoryBytes: 8 * Mb, Count: 60), new("pause", "65535", Count: 60), new("coredns", "65532", 0.4, 30 * Mb), new("go", "app", 2, 40 * Mb, 0, 8),
        ]),
        new("windows server",
        [
            new("System", "SYSTEM"), new("smss.exe", "SYSTEM"), new("csrss.exe", "SYSTEM", Count: 2), new("wininit.exe", "SYSTEM"), new("services.exe", "SYSTEM"),
            new("lsass.exe", "SYSTEM", 0.3, 30 * Mb), new("svchost.exe", "SYSTEM", 0.1, 15 * Mb, 0, 60), new("winlogon.exe", "SYSTEM"),
            new("sqlservr.exe", "MSSQL", 35, 6_000 * Mb, 12_000_000), new("w3wp.exe", "IIS", 8, 500 * Mb, 0, 3), new("oracle.exe", "ORACLE"),
            new("explorer.exe", "ops", 0.2, 80 * Mb), new("powershell.exe", "ops", 0, 60 * Mb), new("conhost.exe", "ops", Count: 4), new("MsMpEng.exe", "SYSTEM", 5, 180 * Mb),
        ]),
    ];
}
