using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Local;

/// <summary>What resource detection would say of this machine.</summary>
static class LocalResource
{
    static readonly string[] IdFiles = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    public static OtlpAttribute[] Describe(string tenant, string hostName)
    {
        List<OtlpAttribute> attributes = [new("host.name", hostName), new("os.type", "linux"), new("nrdot.tenant", tenant)];
        // Containers often have none; the console then goes by the name.
        if (MachineId() is { } id) attributes.Insert(1, new("host.id", id));
        return [.. attributes];
    }

    static string? MachineId()
    {
        foreach (var file in IdFiles)
            if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } id) return id;
        return null;
    }
}
