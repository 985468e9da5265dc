namespace NrdotConsole.Protocol.OpAmp;

/// <summary>AgentToServer to bytes.</summary>
static class AgentWriter
{
    public static void Write(FieldWriter w, AgentToServer m)
    {
        w.Uid(0x0A, m.InstanceUid);
        w.Varint(0x10, m.SequenceNum);
        w.Optional(0x1A, m.Description, Description);
        w.Varint(0x20, (ulong)m.Capabilities);
        w.Optional(0x2A, m.Health, Health);
        w.Optional(0x32, m.EffectiveConfig, static (w, c) => w.Message(0x0A, c, CommonWriter.ConfigMap));
        w.Optional(0x3A, m.RemoteConfigStatus, RemoteStatus);
        w.Optional(0x42, m.PackageStatuses, Packages);
        if (m.Disconnect) w.Message(0x4A, 0, static (_, _) => { });
        w.Varint(0x50, (ulong)m.Flags);
        w.Optional(0x5A, m.ConnectionSettingsRequest, static (w, r) => w.Message(0x0A, r, SettingsRequest));
        w.Optional(0x62, m.CustomCapabilities, CommonWriter.CustomCapabilities);
        w.Optional(0x6A, m.CustomMessage, CommonWriter.CustomMessage);
        w.Optional(0x72, m.AvailableComponents, Components);
        w.Optional(0x7A, m.ConnectionSettingsStatus, SettingsStatus);
    }

    static void Description(FieldWriter w, AgentDescription d)
    {
        w.All(0x0A, d.Identifying, CommonWriter.KeyValue);
        w.All(0x12, d.NonIdentifying, CommonWriter.KeyValue);
    }

    static void Health(FieldWriter w, ComponentHealth h)
    {
        w.Flag(0x08, h.Healthy);
        w.Fixed64(0x11, h.StartTimeUnixNano);
        w.Text(0x1A, h.LastError);
        w.Text(0x22, h.Status);
        w.Fixed64(0x29, h.StatusTimeUnixNano);
        w.Map(0x32, h.Parts, Health);
        w.All(0x3A, h.Attributes, CommonWriter.KeyValue);
    }

    static void RemoteStatus(FieldWriter w, RemoteConfigStatus s)
    {
        w.Bytes(0x0A, s.LastHash);
        w.Varint(0x10, (ulong)(long)s.Status);
        w.Text(0x1A, s.Error);
    }

    static void SettingsStatus(FieldWriter w, ConnectionSettingsStatus s)
    {
        w.Bytes(0x0A, s.LastHash);
        w.Varint(0x10, (ulong)(long)s.Status);
        w.Text(0x1A, s.Error);
    }

    static void SettingsRequest(FieldWriter w, ConnectionSettingsRequest r)
    {
        if (r.CertificateSigningRequest.Length > 0) w.Message(0x0A, r.CertificateSigningRequest, static (w, csr) => w.Bytes(0x0A, csr));
    }

    static void Components(FieldWriter w, AvailableComponents c)
    {
        w.Map(0x0A, c.Components, Details);
        w.Bytes(0x12, c.Hash);
    }

    static void Details(FieldWriter w, ComponentDetails d)
    {
        w.All(0x0A, d.Metadata, CommonWriter.KeyValue);
        w.Map(0x12, d.Parts, Details);
    }

    static void Packages(FieldWriter w, PackageStatuses p)
    {
        w.Map(0x0A, p.Packages, static (w, s) =>
        {
            w.Text(0x0A, s.Name);
            w.Text(0x12, s.HasVersion);
            w.Text(0x22, s.OfferedVersion);
            w.Varint(0x30, (ulong)(long)s.Status);
            w.Text(0x3A, s.Error);
        });
        w.Bytes(0x12, p.AllPackagesHash);
        w.Text(0x1A, p.Error);
    }
}
