using NrdotConsole.FleetSim.Cli;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Tests;

public class CommandLineTests
{
    static SimOptions Parse(string line, string? token = null) => CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), token);

    [Fact]
    public void Everything_has_a_default()
    {
        var options = Parse("");
        Assert.Equal(new Uri("http://localhost:4318"), options.Endpoint);
        Assert.Equal((60, 3, 7ul, TimeSpan.FromSeconds(10)), (options.World.Hosts, options.World.Tenants, options.World.Seed, options.World.Interval));
        Assert.True(options.Gzip && options.World.Eventful && options.CommandLine && !options.Local);
        Assert.Null(options.Token);
    }

    [Fact]
    public void What_is_said_is_understood()
    {
        var options = Parse("--endpoint http://console:9/ --token T --hosts 10000 --tenants 5 --seed 42 --interval 60s --protocol grpc --compression none --profile emergency --backfill 24h --speed 60 --duration 10m --local --no-command-line", "from-environment");
        Assert.Equal((10_000, 5, 42ul, TimeSpan.FromMinutes(1)), (options.World.Hosts, options.World.Tenants, options.World.Seed, options.World.Interval));
        Assert.Equal(("T", WireProtocol.Grpc, false, TimeSpan.FromDays(1), 60.0), (options.Token, options.Protocol, options.Gzip, options.Backfill, options.Speed));
        Assert.Equal(CollectionProfile.Emergency, options.World.Profile);
        Assert.Equal(TimeSpan.FromMinutes(10), options.Duration);
        Assert.True(options.Local && !options.CommandLine);
    }

    [Fact]
    public void The_token_may_come_from_the_environment() => Assert.Equal("secret", Parse("", "secret").Token);

    [Fact]
    public void Over_gRPC_the_default_port_is_that_of_gRPC() => Assert.Equal(4317, Parse("--protocol grpc").Endpoint.Port);

    [Theory]
    [InlineData("--hosts x", "--hosts 'x': a whole number from 0 to 100000.")]
    [InlineData("--hosts 100001", "--hosts '100001'")]
    [InlineData("--hosts", "--hosts needs a value.")]
    [InlineData("--interval 0s", "--interval '0s'")]
    [InlineData("--interval soon", "such as 10s, 5m, 24h")]
    [InlineData("--protocol smoke", "one of http, grpc")]
    [InlineData("--profile lavish", "one of aggressive, balanced, conservative, emergency")]
    [InlineData("--endpoint localhost", "an http or https address")]
    [InlineData("--speed 60", "--speed needs --backfill")]
    [InlineData("--hosts 0", "--local")]
    [InlineData("--fast", "'--fast' is not an option.")]
    [InlineData("--script /no/such/file", "cannot be read")]
    public void A_mistake_is_named_with_what_may_stand_there(string line, string said) =>
        Assert.Contains(said, Assert.Throws<UsageException>(() => Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_script_says_when_what_and_where()
    {
        var events = EventScript.Parse(["# a quiet morning", "", "+90s cpu-spike host=app/1 process=java for=5m amount=3.5", "-10m reload host=prod-web-001"]);
        Assert.Equal(
            [
                new(TimeSpan.FromSeconds(90), SimEventKind.CpuSpike, "app/1", "java", TimeSpan.FromMinutes(5), 3.5),
                new(TimeSpan.FromMinutes(-10), SimEventKind.Reload, "prod-web-001", "", TimeSpan.Zero, 0),
            ], events);
    }

    [Theory]
    [InlineData("soon outage host=a for=1m", "line 2: offset 'soon'")]
    [InlineData("1m party host=a", "line 2: event 'party'")]
    [InlineData("1m outage for=1m", "needs host=")]
    [InlineData("1m outage host=a", "needs for=")]
    [InlineData("1m restart host=a", "needs process=")]
    [InlineData("1m leak host=a process=b for=1m amount=much", "amount 'much'")]
    [InlineData("1m outage host=a for=1m colour=red", "'colour=red' means nothing")]
    public void A_mistake_in_a_script_is_named_with_its_line(string line, string said) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => EventScript.Parse(["# first", line])).Message, StringComparison.Ordinal);
}
