using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Tests.Signals;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Query;

public sealed class TenantLimitTests : IDisposable
{
    readonly SignalWorld _world = new();
    readonly QueryEngine _engine;

    public TenantLimitTests()
    {
        _engine = new(_world.Store);
        _world.Run(130, second =>
        {
            if (second % 60 != 0) return;
            _world.Scrape("prod", "h1", ("java", 5, 1e8));
            _world.Scrape("staging", "h2", ("java", 5, 1e8));
        });
    }

    public void Dispose()
    {
        _engine.Dispose();
        _world.Dispose();
    }

    async Task<List<string>> TenantsOfHistory(IReadOnlySet<string>? tenants) =>
        [.. (await Ask("nrdot.series.active", tenants)).Series.Select(s => s.Labels.Get("tenant")).Order(StringComparer.Ordinal)];

    Task<QueryResult> Ask(string metric, IReadOnlySet<string>? tenants) =>
        _engine.RunAsync(new() { Metric = metric, From = SignalWorld.Start, To = _world.Now, Tenants = tenants }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Who_is_limited_to_a_tenant_reads_what_the_console_noted_of_it_and_nothing_of_others()
    {
        Assert.Equal(["", "prod", "staging"], await TenantsOfHistory(null));
        Assert.Equal(["prod"], await TenantsOfHistory(new HashSet<string> { "prod" }));
        Assert.Equal([], await TenantsOfHistory(new HashSet<string> { "other" }));
        Assert.Single((await Ask("process.memory.usage", new HashSet<string> { "prod" })).Series);
    }

    [Fact]
    public void Only_the_consoles_own_metrics_of_the_consoles_own_tenant_are_opened_so()
    {
        IReadOnlySet<string> prod = new HashSet<string> { "prod" };
        var ofProd = Labels.From([new("tenant", "prod")]);
        Assert.True(SeriesLabels.MayRead(prod, "nrdot-console", "nrdot.hosts", ofProd));
        Assert.False(SeriesLabels.MayRead(prod, "nrdot-console", "process.cpu.time", ofProd));
        Assert.False(SeriesLabels.MayRead(prod, "staging", "nrdot.hosts", ofProd));
        Assert.False(SeriesLabels.MayRead(prod, "nrdot-console", "nrdot.hosts", Labels.Empty));
    }
}
