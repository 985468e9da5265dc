using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Tenants;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Tests.Profiles;

/// <summary>A real collector is the judge of what we render, for the components that it has.</summary>
public sealed class RealCollectorTests
{
    static readonly Tenant s_tenant = new("production", "prod", null, null, null, 1L << 30);

    static RenderInput Input(Profile profile, int ring, ComponentSet components, CollectorEndpoints endpoints, Tenant? tenant = null, params Flag[] flags) =>
        new(profile, ring, tenant, flags, FilterSet.None, ProcessClassification.Default, tenant is null ? TenantSet.None : new([tenant]), endpoints) { Components = components };

    static Flag Flag(string fragment) => new() { Key = "f", Enabled = true, CollectorConfig = fragment, Fragment = YamlTree.Read(fragment).Root!.AsMap };

    [Fact]
    public async Task It_takes_every_profile_ring_tenant_and_flag()
    {
        var collector = RealCollector.Find();
        var components = await collector.ComponentsAsync();
        using var directory = new TempDirectory();
        var flag = Flag("exporters: {otlp_http/console: {sending_queue: {queue_size: 200}}}\nprocessors: {batch: {timeout: 2s}}\n");
        foreach (var profile in ShippedProfiles.All.Profiles)
            foreach (var ring in new[] { 0, 4 })
                foreach (var tenant in new[] { null, s_tenant })
                    foreach (var flags in new Flag[][] { [], [flag] })
                    {
                        var config = CollectorConfigRenderer.Render(Input(profile, ring, components, new("http://console.example:4318"), tenant, flags));
                        var file = Path.Combine(directory.Data.Path, config.Hash + ".yaml");
                        await File.WriteAllTextAsync(file, config.Yaml);
                        var (code, output) = await collector.RunAsync("validate", "--config", file);
                        Assert.True(code == 0, $"{profile.Name}, ring {ring}: {output}\n{config.Yaml}");
                    }
    }

    [Fact]
    public async Task What_it_runs_is_no_drift_from_what_it_was_given()
    {
        var collector = RealCollector.Find();
        using var directory = new TempDirectory();
        var config = CollectorConfigRenderer.Render(Input(ShippedProfiles.All.Find("balanced")!, 2, await collector.ComponentsAsync(), new("http://console.example:4318"), s_tenant));
        var file = Path.Combine(directory.Data.Path, "config.yaml");
        await File.WriteAllTextAsync(file, config.Yaml);
        var (code, effective) = await collector.RunAsync("print-config", "--config", file, "--feature-gates=otelcol.printInitialConfig");
        Assert.SkipWhen(code != 0, "This collector prints no effective configuration.");
        var assigned = YamlTree.Read(config.Yaml).Root!;
        Assert.Empty(ConfigComparison.Compare(assigned, YamlTree.Read(effective).Root!));
        // And a real difference is seen.
        var other = effective.Replace("num_consumers: 4", "num_consumers: 5", StringComparison.Ordinal);
        Assert.Contains("sending_queue.num_consumers", ConfigComparison.Compare(assigned, YamlTree.Read(other).Root!)[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_data_and_its_own_metrics_reach_the_console_with_host_profile_and_ring()
    {
        var collector = RealCollector.Find();
        var (console, otlp) = (FreePorts.Take(), FreePorts.Take());
        using var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{console}/" } };
        listener.Start();
        var bodies = new ConcurrentBag<string>();
        var data = new TaskCompletionSource();
        var own = new TaskCompletionSource();
        _ = ListenAsync(listener, body =>
        {
            bodies.Add(body);
            if (body.Contains("journey.metric", StringComparison.Ordinal)) data.TrySetResult();
            if (body.Contains("otelcol_", StringComparison.Ordinal)) own.TrySetResult();
        });
        var endpoints = new CollectorEndpoints($"http://127.0.0.1:{console}") { NewRelicOtlp = $"http://127.0.0.1:{console}/vendor" };
        var fragment = Flag($$"""
            receivers:
              otlp:
                protocols:
                  grpc:
                    endpoint: 127.0.0.1:{{FreePorts.Take()}}
                  http:
                    endpoint: 127.0.0.1:{{otlp}}
            processors:
              batch:
                timeout: 100ms
            service:
              telemetry:
                metrics:
                  readers:
                    - periodic:
                        interval: 500
                        exporter:
                          otlp:
                            protocol: http/protobuf
                            endpoint: http://127.0.0.1:{{console}}
            """);
        var config = CollectorConfigRenderer.Render(Input(ShippedProfiles.All.Find("balanced")!, 3, await collector.ComponentsAsync(), endpoints, null, fragment));
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Data.Path, "config.yaml");
        await File.WriteAllTextAsync(file, config.Yaml);
        using var process = collector.Start("--config", file);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Patience.Limit);
            await SendAsync(otlp, limit.Token);
            await Task.WhenAll(data.Task, own.Task).WaitAsync(limit.Token);
            var self = bodies.First(b => b.Contains("otelcol_", StringComparison.Ordinal));
            foreach (var expected in new[] { "host.id", "real-host", "nrdot.profile", "balanced", "nrdot.ring" }) Assert.Contains(expected, self, StringComparison.Ordinal);
            Assert.DoesNotContain(bodies.Where(b => b.Contains("journey.metric", StringComparison.Ordinal)), b => b.Contains("nrdot.profile", StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Until it listens.</summary>
    static async Task SendAsync(int port, CancellationToken ct)
    {
        using var http = new HttpClient();
        const string Json = """{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"journey.metric","gauge":{"dataPoints":[{"timeUnixNano":"1700000000000000000","asInt":"1"}]}}]}]}]}""";
        while (true)
        {
            try
            {
                using var body = new StringContent(Json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
                using var answer = await http.PostAsync($"http://127.0.0.1:{port}/v1/metrics", body, ct);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) { }
            await Task.Delay(50, ct);
        }
    }

    static async Task ListenAsync(HttpListener listener, Action<string> heard)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                var body = context.Request.InputStream;
                using var plain = context.Request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body;
                using var reader = new StreamReader(plain, Encoding.Latin1);
                heard(await reader.ReadToEndAsync());
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { }
    }
}
