namespace NrdotConsole.Protocol.OpAmp;

/// <summary>Bytes to AgentToServer. A field that comes twice is merged, as protobuf has it: the later number wins, messages add up.</summary>
static class AgentReader
{
    public static AgentToServer Read(FieldReader r)
    {
        var m = new AgentToServer(Guid.Empty);
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: m = m with { InstanceUid = r.Uid() }; break;
                case 0x10: m = m with { SequenceNum = r.Varint() }; break;
                case 0x1A: m = m with { Description = Description(r.Message("agent_description"), m.Description ?? AgentDescription.Empty) }; break;
                case 0x20: m = m with { Capabilities = (AgentCapabilities)r.Varint() }; break;
                case 0x2A: m = m with { Health = Health(r.Message("health"), m.Health ?? new(false)) }; break;
                case 0x32: m = m with { EffectiveConfig = Effective(r.Message("effective_config"), m.EffectiveConfig ?? AgentConfigMap.Empty) }; break;
                case 0x3A: m = m with { RemoteConfigStatus = RemoteStatus(r.Message("remote_config_status"), m.RemoteConfigStatus ?? new(default, default)) }; break;
                case 0x42: m = m with { PackageStatuses = Packages(r.Message("package_statuses"), m.PackageStatuses) }; break;
                case 0x4A: Common.Unread(r.Message("agent_disconnect")); m = m with { Disconnect = true }; break;
                case 0x50: m = m with { Flags = (AgentToServerFlags)r.Varint() }; break;
                case 0x5A: m = m with { ConnectionSettingsRequest = SettingsRequest(r.Message("connection_settings_request"), m.ConnectionSettingsRequest ?? new(default(ReadOnlyMemory<byte>))) }; break;
                case 0x62: m = m with { CustomCapabilities = Common.CustomCapabilities(r.Message("custom_capabilities"), m.CustomCapabilities) }; break;
                case 0x6A: m = m with { CustomMessage = Common.CustomMessage(r.Message("custom_message"), m.CustomMessage ?? new("", "", default)) }; break;
                case 0x72: m = m with { AvailableComponents = Components(r.Message("available_components"), m.AvailableComponents ?? new(default, ComponentDetails.NoParts)) }; break;
                case 0x7A: m = m with { ConnectionSettingsStatus = SettingsStatus(r.Message("connection_settings_status"), m.ConnectionSettingsStatus ?? new(default, default)) }; break;
                default: r.Skip(); break;
            }
        }
        return m;
    }

    static AgentDescription Description(FieldReader r, AgentDescription from)
    {
        List<KeyValue> identifying = [.. from.Identifying], others = [.. from.NonIdentifying];
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) identifying.Add(Common.KeyValue(r.Element("identifying_attributes")));
            else if (tag == 0x12) others.Add(Common.KeyValue(r.Element("non_identifying_attributes")));
            else r.Skip();
        }
        return new(identifying, others);
    }

    static ComponentHealth Health(FieldReader r, ComponentHealth health)
    {
        Dictionary<string, ComponentHealth>? parts = null;
        List<KeyValue>? attributes = null;
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x08: health = health with { Healthy = r.Flag() }; break;
                case 0x11: health = health with { StartTimeUnixNano = r.Fixed64() }; break;
                case 0x1A: health = health with { LastError = r.Text() }; break;
                case 0x22: health = health with { Status = r.Text() }; break;
                case 0x29: health = health with { StatusTimeUnixNano = r.Fixed64() }; break;
                case 0x32: Part(r.Element("component_health_map"), parts ??= new(health.Parts)); break;
                case 0x3A: (attributes ??= [.. health.Attributes]).Add(Common.KeyValue(r.Element("health.attributes"))); break;
                default: r.Skip(); break;
            }
        }
        return parts is null && attributes is null ? health : health with { Parts = parts ?? health.Parts, Attributes = attributes ?? health.Attributes };
    }

    static void Part(FieldReader r, Dictionary<string, ComponentHealth> into)
    {
        var (key, value) = ("", new ComponentHealth(false));
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = Health(r.Message("health"), value);
            else r.Skip();
        }
        into[key] = value;
    }

    static AgentConfigMap Effective(FieldReader r, AgentConfigMap map)
    {
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) map = Common.ConfigMap(r.Message("config_map"), map);
            else r.Skip();
        }
        return map;
    }

    static RemoteConfigStatus RemoteStatus(FieldReader r, RemoteConfigStatus status)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: status = status with { LastHash = r.Bytes() }; break;
                case 0x10: status = status with { Status = (RemoteConfigStatuses)(int)r.Varint() }; break;
                case 0x1A: status = status with { Error = r.Text() }; break;
                default: r.Skip(); break;
            }
        }
        return status;
    }

    static ConnectionSettingsStatus SettingsStatus(FieldReader r, ConnectionSettingsStatus status)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: status = status with { LastHash = r.Bytes() }; break;
                case 0x10: status = status with { Status = (ConnectionSettingsStatuses)(int)r.Varint() }; break;
                case 0x1A: status = status with { Error = r.Text() }; break;
                default: r.Skip(); break;
            }
        }
        return status;
    }

    static ConnectionSettingsRequest SettingsRequest(FieldReader r, ConnectionSettingsRequest request)
    {
        while (r.Next(out var tag))
        {
            if (tag != 0x0A)
            {
                r.Skip();
                continue;
            }
            var opamp = r.Message("opamp");
            while (opamp.Next(out tag))
            {
                if (tag != 0x0A)
                {
                    opamp.Skip();
                    continue;
                }
                var certificate = opamp.Message("certificate_request");
                while (certificate.Next(out tag))
                {
                    if (tag == 0x0A) request = new(certificate.Bytes());
                    else certificate.Skip();
                }
            }
        }
        return request;
    }

    static AvailableComponents Components(FieldReader r, AvailableComponents available)
    {
        Dictionary<string, ComponentDetails>? components = null;
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) Component(r.Element("components"), components ??= new(available.Components));
            else if (tag == 0x12) available = available with { Hash = r.Bytes() };
            else r.Skip();
        }
        return components is null ? available : available with { Components = components };
    }

    static void Component(FieldReader r, Dictionary<string, ComponentDetails> into)
    {
        var (key, value) = ("", ComponentDetails.Empty);
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = Details(r.Message("component"), value);
            else r.Skip();
        }
        into[key] = value;
    }

    static ComponentDetails Details(FieldReader r, ComponentDetails from)
    {
        List<KeyValue> metadata = [.. from.Metadata];
        Dictionary<string, ComponentDetails>? parts = null;
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) metadata.Add(Common.KeyValue(r.Element("metadata")));
            else if (tag == 0x12) Component(r.Element("sub_component_map"), parts ??= new(from.Parts));
            else r.Skip();
        }
        return new(metadata, parts ?? from.Parts);
    }

    static PackageStatuses Packages(FieldReader r, PackageStatuses? from)
    {
        var packages = new Dictionary<string, PackageStatus>(from?.Packages ?? new Dictionary<string, PackageStatus>());
        var (hash, error) = (from?.AllPackagesHash ?? default, from?.Error ?? "");
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: Package(r.Element("packages"), packages); break;
                case 0x12: hash = r.Bytes(); break;
                case 0x1A: error = r.Text(); break;
                default: r.Skip(); break;
            }
        }
        return new(packages, hash, error);
    }

    static void Package(FieldReader r, Dictionary<string, PackageStatus> into)
    {
        var (key, value) = ("", new PackageStatus("", "", "", 0, ""));
        while (r.Next(out var tag))
        {
            if (tag == 0x0A) key = r.Text();
            else if (tag == 0x12) value = Package(r.Message("package"), value);
            else r.Skip();
        }
        into[key] = value;
    }

    static PackageStatus Package(FieldReader r, PackageStatus package)
    {
        while (r.Next(out var tag))
        {
            switch (tag)
            {
                case 0x0A: package = package with { Name = r.Text() }; break;
                case 0x12: package = package with { HasVersion = r.Text() }; break;
                case 0x22: package = package with { OfferedVersion = r.Text() }; break;
                case 0x30: package = package with { Status = (int)r.Varint() }; break;
                case 0x3A: package = package with { Error = r.Text() }; break;
                default: r.Skip(); break;
            }
        }
        return package;
    }
}
