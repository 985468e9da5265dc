namespace NrdotConsole.App.Features.Telemetry.Tokens;

/// <summary>
/// A whole configuration for the stock NRDOT collector (2.x, current component names) that sends to New Relic as before and to this console as well:
/// host and process metrics every minute, an unfiltered inventory of processes every ten (the denominator of coverage, whatever
/// filters are added to the first pipeline later), and the collector's own metrics, which carry <c>host.id</c> so that they can be told apart.
/// </summary>
internal static class CollectorSnippet
{
    /// <param name="endpoint">Where this console takes OTLP over HTTP, such as <c>http://console.example:4318</c>.</param>
    public static string Render(string endpoint, string token) =>
        Template.Replace("{{ENDPOINT}}", endpoint.TrimEnd('/'), StringComparison.Ordinal).Replace("{{TOKEN}}", token, StringComparison.Ordinal);

    /// <summary>What to add to a collector that runs already: name it in a metrics pipeline.</summary>
    public static string RenderExporter(string endpoint, string token) => $$"""
        exporters:
          otlp_http/console:
            endpoint: "{{endpoint.TrimEnd('/')}}"
            compression: gzip
            headers: {api-key: "{{token}}"}
        """;

    const string Template = """
        # /etc/nrdot-collector/config.yaml
        # Wants NEW_RELIC_LICENSE_KEY and HOST_ID (cat /etc/machine-id) in /etc/nrdot-collector/nrdot-collector.conf.
        extensions:
          health_check:
            endpoint: localhost:13133

        receivers:
          otlp:
            protocols:
              grpc:
                endpoint: localhost:4317
              http:
                endpoint: localhost:4318
          host_metrics:
            collection_interval: 60s
            scrapers:
              cpu:
                metrics:
                  system.cpu.time: {enabled: false}
                  system.cpu.utilization: {enabled: true}
              load:
              memory:
                metrics:
                  system.memory.utilization: {enabled: true}
              paging:
              disk:
              filesystem:
                metrics:
                  system.filesystem.utilization: {enabled: true}
              network:
              processes:
              process:
                metrics:
                  process.cpu.utilization: {enabled: true}
                  process.threads: {enabled: true}
                mute_process_name_error: true
                mute_process_exe_error: true
                mute_process_io_error: true
                mute_process_user_error: true
          # Never filter this one: it says which processes there are.
          host_metrics/inventory:
            collection_interval: 10m
            scrapers:
              process:
                metrics:
                  process.cpu.time: {enabled: false}
                  process.disk.io: {enabled: false}
                  process.memory.virtual: {enabled: false}
                mute_process_name_error: true
                mute_process_exe_error: true
                mute_process_io_error: true
                mute_process_user_error: true

        processors:
          memory_limiter:
            check_interval: 1s
            limit_mib: ${env:NEW_RELIC_MEMORY_LIMIT_MIB:-100}
          resource_detection:
            detectors: [env, system]
            system:
              resource_attributes:
                host.id: {enabled: true}
                host.name: {enabled: true}
                os.type: {enabled: true}
          # Command lines can hold secrets, and each one is a new series.
          resource/private:
            attributes:
              - {key: process.command_line, action: delete}
          resource/inventory:
            attributes:
              - {key: nrdot.pipeline, value: inventory, action: upsert}
          batch:
            send_batch_size: 1000
            timeout: 10s

        exporters:
          otlp_http/newrelic:
            endpoint: ${env:OTEL_EXPORTER_OTLP_ENDPOINT:-https://otlp.nr-data.net}
            headers:
              api-key: ${env:NEW_RELIC_LICENSE_KEY}
          otlp_http/console:
            endpoint: "{{ENDPOINT}}"
            compression: gzip
            headers:
              api-key: "{{TOKEN}}"

        service:
          extensions: [health_check]
          pipelines:
            metrics/host:
              receivers: [host_metrics, otlp]
              processors: [memory_limiter, resource_detection, resource/private, batch]
              exporters: [otlp_http/newrelic, otlp_http/console]
            metrics/inventory:
              receivers: [host_metrics/inventory]
              processors: [memory_limiter, resource_detection, resource/private, resource/inventory, batch]
              exporters: [otlp_http/console]
          telemetry:
            resource:
              service.name: nrdot-collector
              host.id: ${env:HOST_ID}
              host.name: ${env:HOSTNAME}
            metrics:
              level: detailed
              readers:
                - periodic:
                    interval: 60000
                    exporter:
                      otlp:
                        protocol: http/protobuf
                        endpoint: "{{ENDPOINT}}"
                        headers:
                          - {name: api-key, value: "{{TOKEN}}"}

        """;
}
