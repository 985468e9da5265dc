using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>Builds the hosts of a world from its seed.</summary>
public static class HostFactory
{
    const long DayMs = 86_400_000;
    static readonly string[] TenantNames = ["prod", "staging", "dev"];
    static readonly int[] TenantShares = [5, 3, 2];
    static readonly Role[] RolePattern =
    [
        Role.Web, Role.App, Role.Db, Role.K8s, Role.Web, Role.Queue, Role.App, Role.Web, Role.K8s, Role.Db,
        Role.App, Role.Ci, Role.Web, Role.Queue, Role.App, Role.K8s, Role.Db, Role.Web, Role.App, Role.Bastion,
    ];

    // Upper ends of the rings' shares in ten-thousandths: 40, 20, 20, 15 and 5 per cent.
    static readonly int[] RingEnds = [4_000, 6_000, 8_000, 9_500, 10_000];

    public static string TenantName(int index) => index < TenantNames.Length ? TenantNames[index] : $"team{index + 1:00}";

    /// <summary>Stays the same for a host whatever the size of its fleet.</summary>
    public static int RingOf(string hostId)
    {
        var bucket = StableHash.Below(StableHash.Of(hostId), 10_000);
        return Array.FindIndex(RingEnds, end => bucket < end);
    }

    /// <summary>Controls stay on the default; the treatment rings try less, the experimental one more.</summary>
    public static CollectionProfile ProfileOf(int ring) => ring switch
    {
        3 => CollectionProfile.Conservative,
        4 => CollectionProfile.Aggressive,
        _ => CollectionProfile.Balanced,
    };

    public static SimHost[] Build(WorldOptions options, long beginMs)
    {
        var hosts = new SimHost[options.Hosts];
        var inTenant = new int[options.Tenants];
        var inRole = new Dictionary<(int Tenant, Role Role), int>();
        for (var i = 0; i < hosts.Length; i++)
        {
            var tenant = TenantOf(i, options.Tenants);
            var role = RolePattern[inTenant[tenant]++ % RolePattern.Length];
            var number = inRole[(tenant, role)] = inRole.GetValueOrDefault((tenant, role)) + 1;
            hosts[i] = Host(options, i, TenantName(tenant), role, number, beginMs);
        }
        return hosts;
    }

    static int TenantOf(int host, int tenants)
    {
        var total = 0;
        for (var i = 0; i < tenants; i++) total += TenantShares[i % TenantShares.Length];
        // A stride that is prime to the total spreads each tenant over the list.
        var slot = (int)((long)host * 7 % total);
        for (var i = 0; ; i++)
        {
            slot -= TenantShares[i % TenantShares.Length];
            if (slot < 0) return i;
        }
    }

    static SimHost Host(WorldOptions options, int index, string tenant, Role role, int number, long beginMs)
    {
        var key = StableHash.Mix(options.Seed, (ulong)index);
        var id = StableHash.Guid(options.Seed, (ulong)index).ToString();
        var name = $"{tenant}-{RoleName(role)}-{number:000}";
        var ring = RingOf(id);
        var cores = role switch { Role.Bastion => 2, Role.Web or Role.Queue => 4, _ => 8 };
        var host = new SimHost(index, key)
        {
            Id = id,
            Name = name,
            Tenant = tenant,
            Role = role,
            Ring = ring,
            Profile = options.Profile ?? ProfileOf(ring),
            Cores = cores,
            MemoryBytes = cores * (role == Role.Bastion ? 2 : 4) * (double)(1L << 30),
            BootedMs = beginMs - DayMs - (long)(StableHash.Unit(StableHash.Mix(key, 11)) * 60 * DayMs),
            Resource = Resource(key, id, name, tenant, role, cores),
            Disks = StableHash.Unit(StableHash.Mix(key, 12)) < 0.7 ? ["nvme0n1", "nvme1n1"] : ["sda", "sdb"],
            Mounts = role is Role.Db or Role.Queue ? ["/", "/var/lib/data"] : ["/", "/var"],
            Nic = StableHash.Unit(StableHash.Mix(key, 12)) < 0.7 ? "ens5" : "eth0",
        };
        host.Collector.Reload(StableHash.Guid(key, 1).ToString(), beginMs - (long)(StableHash.Unit(StableHash.Mix(key, 13)) * DayMs));
        AddProcesses(host);
        return host;
    }

    static string RoleName(Role role) => role switch
    {
        Role.Web => "web",
        Role.App => "app",
        Role.Db => "db",
        Role.Queue => "mq",
        Role.K8s => "k8s",
        Role.Ci => "ci",
        _ => "bastion",
    };

    static void AddProcesses(SimHost host)
    {
        var slot = 0ul;
        foreach (var spec in ProcessCatalog.For(host.Role))
            for (var copy = 0; copy < spec.Count; copy++)
            {
                var key = StableHash.Mix(host.Key, ++slot);
                var pid = spec.Executable == "systemd" ? 1 : host.NewPid(slot);
                var started = host.BootedMs + (slot > 13 ? StableHash.Below(key, 86_000_000) : (long)slot * 700);
                host.ProcessList.Add(new SimProcess(spec, key, pid, 1, started));
            }
        var kernelPid = 2;
        foreach (var spec in ProcessCatalog.KernelThreads(host.Cores))
            host.ProcessList.Add(new SimProcess(spec, StableHash.Mix(host.Key, ++slot), kernelPid, kernelPid++ == 2 ? 0 : 2, host.BootedMs));
    }

    static OtlpAttribute[] Resource(ulong key, string id, string name, string tenant, Role role, int cores)
    {
        List<OtlpAttribute> attributes =
        [
            new("host.name", name),
            new("host.id", id),
            new("os.type", "linux"),
            new("nrdot.tenant", tenant),
        ];
        var cloud = StableHash.Unit(StableHash.Mix(key, 14));
        var zone = (char)('a' + StableHash.Below(StableHash.Mix(key, 15), 3));
        if (cloud < 0.55)
            attributes.AddRange(
            [
                new("cloud.provider", "aws"),
                new("cloud.platform", "aws_ec2"),
                new("cloud.region", "eu-west-1"),
                new("cloud.availability_zone", $"eu-west-1{zone}"),
                new("cloud.account.id", "104729001337"),
                new("host.type", cores == 8 ? "m6i.2xlarge" : cores == 4 ? "m6i.xlarge" : "t3.medium"),
            ]);
        else if (cloud < 0.75)
            attributes.AddRange(
            [
                new("cloud.provider", "gcp"),
                new("cloud.platform", "gcp_compute_engine"),
                new("cloud.region", "europe-west4"),
                new("cloud.availability_zone", $"europe-west4-{zone}"),
                new("cloud.account.id", "northwind-platform"),
                new("host.type", $"n2-standard-{cores}"),
            ]);
        if (role == Role.K8s)
        {
            attributes.Add(new("k8s.cluster.name", tenant + "-eu"));
            attributes.Add(new("k8s.node.name", name));
            attributes.Add(new("k8s.namespace.name", tenant));
        }
        return [.. attributes];
    }
}
