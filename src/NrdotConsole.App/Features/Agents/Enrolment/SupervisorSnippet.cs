namespace NrdotConsole.App.Features.Agents;

/// <summary>What is pasted on a host, so that what speaks OpAMP beside or inside its collector comes here.</summary>
internal static class SupervisorSnippet
{
    /// <summary>The console's own supervisor, for any collector: a shell's commands. Its program and unit must be there.</summary>
    /// <param name="endpoint">Where this console takes OpAMP, such as <c>ws://console.example:4320/v1/opamp</c>.</param>
    /// <param name="otlp">Where it takes OTLP over HTTP, as the host reaches it.</param>
    public static string RenderOwn(string endpoint, string otlp, string token) => $"""
        # /usr/bin/nrdot-supervisor and nrdot-supervisor.service come from src/NrdotConsole.Supervisor (its README says how).
        sudo install -d /etc/nrdot-supervisor
        sudo install -m 0600 /dev/stdin /etc/nrdot-supervisor/nrdot-supervisor.conf <<'EOF'
        NRDOT_ENDPOINT={endpoint}
        NRDOT_ENROLMENT_TOKEN={token}
        NRDOT_CONSOLE_OTLP={otlp}
        # The Ingest page makes one; the license key is New Relic's.
        NRDOT_INGEST_TOKEN=
        NEW_RELIC_LICENSE_KEY=
        EOF
        sudo install -m 0644 nrdot-supervisor.service /etc/systemd/system/
        sudo systemctl daemon-reload
        # It takes the place of nrdot-collector.service, and runs that one's program and configuration.
        sudo systemctl disable --now nrdot-collector
        sudo systemctl enable --now nrdot-supervisor
        """;

    /// <summary>The OpenTelemetry supervisor, for a collector that is built with the opamp extension.</summary>
    public static string RenderOpenTelemetry(string endpoint, string token) => $$"""
        # supervisor.yaml. The program must be built with the opamp extension, which stock NRDOT has not.
        server:
          endpoint: {{endpoint}}
          headers:
            Authorization: "Bearer {{token}}"
        capabilities:
          accepts_remote_config: true
          reports_remote_config: true
          accepts_opamp_connection_settings: true
          accepts_restart_command: true
          reports_effective_config: true
          reports_health: true
          reports_heartbeat: true
          reports_available_components: true
        agent:
          executable: /usr/bin/otelcol-contrib
          config_apply_timeout: 30s
          description:
            non_identifying_attributes:
              host.id: ${HOST_ID}   # as in the host's telemetry: cat /etc/machine-id
        storage:
          directory: /var/lib/otelcol/supervisor
        """;

    /// <summary>For a collector that has the opamp extension: it is seen, not steered.</summary>
    public static string RenderExtension(string endpoint, string token) => $$"""
        extensions:
          opamp:
            server:
              ws:
                endpoint: {{endpoint}}
                headers:
                  Authorization: "Bearer {{token}}"
            agent_description:
              non_identifying_attributes:
                host.id: ${env:HOST_ID}
        service:
          extensions: [opamp]
        """;
}
