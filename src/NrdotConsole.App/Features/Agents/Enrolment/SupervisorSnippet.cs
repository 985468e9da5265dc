namespace NrdotConsole.App.Features.Agents;

/// <summary>Ready configurations for what speaks OpAMP beside or inside a collector.</summary>
internal static class SupervisorSnippet
{
    /// <param name="endpoint">Where this console takes OpAMP, such as <c>ws://console.example:4320/v1/opamp</c>.</param>
    public static string RenderSupervisor(string endpoint, string token) => $$"""
        # /etc/nrdot-supervisor/supervisor.yaml: the OpenTelemetry supervisor, or the console's own.
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
          executable: /usr/bin/nrdot-collector
          description:
            non_identifying_attributes:
              host.id: ${HOST_ID}   # as in the host's telemetry: cat /etc/machine-id
        storage:
          directory: /var/lib/nrdot-supervisor
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
