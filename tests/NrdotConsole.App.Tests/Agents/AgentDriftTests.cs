using NrdotConsole.App.Features.Agents;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>Drift is judged by meaning, dates from when it was first seen, and ends with it.</summary>
public sealed class AgentDriftTests : IAsyncLifetime
{
    const string Assigned = """
        receivers: {hostmetrics: {collection_interval: 60s}}
        exporters: {otlphttp: {endpoint: "http://console:4318", headers: {api-key: "${env:KEY}"}}}
        service: {pipelines: {metrics: {receivers: [hostmetrics], exporters: [otlphttp]}}}
        """;

    // As a collector tells it: current names, defaults filled in, secrets hidden.
    const string AsAssigned = """
        receivers: {host_metrics: {collection_interval: 1m0s, initial_delay: 1s}}
        exporters: {otlp_http: {endpoint: "http://console:4318", compression: gzip, headers: {api-key: "[REDACTED]"}}}
        service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [otlp_http]}}}
        """;

    readonly Guid _uid = Guid.CreateVersion7();
    AgentHost _host = default!;
    ulong _number;

    public async ValueTask InitializeAsync()
    {
        _host = await AgentHost.StartAsync();
        await _host.PostAsync(Told.First(_uid, sequence: ++_number));
        await _host.Assignments.AssignAsync([_uid.ToString()], AgentHost.Config(Assigned), null);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    Agent Agent => _host.Directory.Find(_uid.ToString())!;

    async Task RunsAsync(string yaml, RemoteConfigStatuses status = RemoteConfigStatuses.Applied)
    {
        await _host.PostAsync(new(_uid)
        {
            SequenceNum = ++_number, EffectiveConfig = Told.Effective(yaml), RemoteConfigStatus = new(Convert.FromHexString(AgentHost.Config(Assigned).Hash), status),
        });
        _host.Get<DriftWatch>().Look();
    }

    [Fact]
    public async Task Other_names_defaults_and_hidden_values_are_no_drift()
    {
        await RunsAsync(AsAssigned);
        Assert.Null(Agent.DriftSince);
        Assert.Empty(_host.Get<DriftWatch>().Compare(Agent.AssignedHash, Agent.EffectiveHash)!);
    }

    [Fact]
    public async Task What_means_something_else_is_drift_since_it_was_seen_until_it_ends()
    {
        var since = _host.Time.GetUtcNow();
        await RunsAsync(AsAssigned.Replace("1m0s", "5m0s", StringComparison.Ordinal));
        Assert.Equal(since, Agent.DriftSince);
        var difference = Assert.Single(_host.Get<DriftWatch>().Compare(Agent.AssignedHash, Agent.EffectiveHash)!);
        Assert.Equal(("60s", "5m0s"), (difference.Assigned, difference.Effective));
        _host.Time.Advance(TimeSpan.FromHours(1));
        await RunsAsync(AsAssigned.Replace("1m0s", "4m0s", StringComparison.Ordinal));
        Assert.Equal(since, Agent.DriftSince);
        await RunsAsync(AsAssigned);
        Assert.Null(Agent.DriftSince);
    }

    [Fact]
    public async Task An_agent_on_its_way_has_not_drifted()
    {
        await RunsAsync("receivers: {}", RemoteConfigStatuses.Applying);
        Assert.Null(Agent.DriftSince);
    }

    [Fact]
    public async Task Drift_survives_a_restart()
    {
        await RunsAsync("receivers: {otlp: {}}");
        await _host.TickAsync();
        await using var again = await _host.StartAgainAsync();
        Assert.Equal(Agent.DriftSince, again.Directory.Find(_uid.ToString())!.DriftSince);
    }

    [Fact]
    public async Task A_drifted_agent_is_offered_its_configuration_again_when_somebody_says_so()
    {
        await RunsAsync("receivers: {otlp: {}}");
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null((await _host.PostAsync(Told.Heartbeat(_uid, ++_number))).RemoteConfig);
        await _host.Assignments.TryAgainAsync(_uid.ToString(), AgentHost.Config(Assigned), AgentHost.Deed);
        var offer = await _host.PostAsync(Told.Heartbeat(_uid, ++_number));
        Assert.Equal(Assigned, Told.Yaml(offer.RemoteConfig!));
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null((await _host.PostAsync(Told.Status(_uid, ++_number, offer, RemoteConfigStatuses.Applied))).RemoteConfig);
        Assert.Equal(AgentConfigState.ConfigApplied, AgentConfigStates.Of(Agent, _host.Time.GetUtcNow()));
    }
}
