namespace NrdotConsole.App.Features.Telemetry;

/// <summary>
/// A collector configuration ready to paste: host and process metrics, the inventory pipeline that coverage needs (every process, once in ten
/// minutes, unfiltered), and the collector's own metrics with the host's id. Works with stock NRDOT and the contrib collector.
/// </summary>
internal static class CollectorSnippet
{
    /// <param name="endpoint">The console's OTLP/HTTP address: <c>http://console:4318</c>.</param>
    /// <param name="token">An ingest token, or a placeholder where it is no longer known.</param>
    public static string Render(string endpoint, string token) => $$"""
        # /etc/nrdot-collector/config.yaml   HOST_ID identifies the host: HOST_ID=$(cat /etc/machine-id)
        receivers:
          hostmetrics:
            collection_interval: 60s
            scrapers:
              cpu: { metrics: { system.cpu.utilization: { enabled: true } } }
              memory: { metrics: { system.memory.utilization: { enabled: true } } }
              load:
              disk:
              filesystem:
              network:
              paging:
              process:
                mute_process_all_errors: true
                metrics: { process.cpu.utilization: { enabled: true } }
                resource_attributes: { process.command_line: { enabled: false } }
          hostmetrics/inventory:
            collection_interval: 10m
            scrapers:
              process:
                mute_process_all_errors: true
                metrics:
                  process.cpu.time: { enabled: false }
                  process.disk.io: { enabled: false }
                  process.memory.virtual: { enabled: false }
                resource_attributes: { process.command_line: { enabled: false } }

        processors:
          resourcedetection: { detectors: [env, system], system: { resource_attributes: { host.id: { enabled: true }, host.name: { enabled: true } } } }
          resource/inventory: { attributes: [{ key: nrdot.pipeline, value: inventory, action: insert }] }
          batch:

        exporters:
          otlphttp/console:
            endpoint: {{endpoint}}
            headers: { Authorization: "Bearer {{token}}" }

        service:
          pipelines:
            metrics: { receivers: [hostmetrics], processors: [resourcedetection, batch], exporters: [otlphttp/console] }
            metrics/inventory: { receivers: [hostmetrics/inventory], processors: [resourcedetection, resource/inventory, batch], exporters: [otlphttp/console] }
          telemetry:
            resource: { host.id: "${env:HOST_ID}" }
            metrics:
              level: detailed
              readers:
                - periodic:
                    exporter:
                      otlp:
                        protocol: http/protobuf
                        endpoint: {{endpoint}}
                        headers: [{ name: Authorization, value: "Bearer {{token}}" }]
        """;
}
