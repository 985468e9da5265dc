using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>Scopes, schema and attributes as the collector's host_metrics receiver writes them, shared by the simulated and the real hosts.</summary>
static class Names
{
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.9.0";
    public const string CollectorVersion = "2.3.0";
    const string Scrapers = "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver/internal/scraper/";

    public static string Scope(string scraper) => Scrapers + scraper;

    public static readonly string
        CpuScope = Scope("cpuscraper"), LoadScope = Scope("loadscraper"), MemoryScope = Scope("memoryscraper"), PagingScope = Scope("pagingscraper"),
        FilesystemScope = Scope("filesystemscraper"), DiskScope = Scope("diskscraper"), NetworkScope = Scope("networkscraper"), ProcessScope = Scope("processscraper");

    public static readonly OtlpAttribute Read = new("direction", "read"), Write = new("direction", "write"),
        Receive = new("direction", "receive"), Transmit = new("direction", "transmit"),
        PageIn = new("direction", "page_in"), PageOut = new("direction", "page_out"),
        User = State("user"), System = State("system"), Wait = State("wait"), Idle = State("idle"), Steal = State("steal"),
        Used = State("used"), Free = State("free"), Cached = State("cached"), Buffered = State("buffered"), SlabReclaimable = State("slab_reclaimable");

    static OtlpAttribute State(string value) => new("state", value);
}
