using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Tenants;
using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Cli;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Tests;

public class AppliedConfigTests
{
    static readonly DesiredState s_state = new("", ShippedProfiles.All, ProcessClassification.Default, RingPlan.Default, FlagSet.None, TenantSet.None, FilterSet.None);

    internal static string Render(string profile)
    {
        var input = HostConfig.Resolve(s_state, new HostIdentity("prod", "h", "h"), 2, new("http://console:4318"));
        return CollectorConfigRenderer.Render(input with { Profile = ShippedProfiles.All.Find(profile)! }).Yaml;
    }

    static List<SentPoint> Run(string profile)
    {
        var world = new World(new() { Hosts = 20, Interval = TimeSpan.FromMinutes(1) }, Sent.Begin, Sent.Begin);
        var config = AppliedConfig.Load(Render(profile), out var fault);
        Assert.Null(fault);
        foreach (var host in world.Hosts) world.Apply(host, config!, Sent.Begin);
        var points = new List<SentPoint>();
        world.Step(Sent.Begin + TimeSpan.FromMinutes(3), b =>
        {
            if (b.Kind == BatchKind.Metrics) points.AddRange(Sent.Read(b.Body.Span));
        });
        return points;
    }

    [Fact]
    public void A_profile_that_costs_less_sends_less_and_every_profile_sends_what_is_critical()
    {
        var sent = ShippedProfiles.All.Profiles.OrderBy(p => p.CostRank).Select(p => (p.Name, Points: Run(p.Name))).ToList();
        for (var i = 1; i < sent.Count; i++) Assert.True(sent[i - 1].Points.Count < sent[i].Points.Count, $"{sent[i - 1].Name} sends {sent[i - 1].Points.Count}, {sent[i].Name} {sent[i].Points.Count}");
        Assert.All(sent, s => Assert.Contains(s.Points, p => p.Executable == "sshd"));
    }

    [Fact]
    public void What_no_collector_could_build_is_refused_in_its_words()
    {
        Assert.Null(AppliedConfig.Load("receivers: {nope: {}}\nexporters: {debug: {}}\nservice: {pipelines: {metrics: {receivers: [nope], exporters: [debug]}}}\n", out var fault));
        Assert.Contains("nope", fault, StringComparison.Ordinal);
        Assert.Null(AppliedConfig.Load("receivers: [", out fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Ring_and_profile_of_the_configuration_stand_in_self_telemetry()
    {
        var world = new World(new() { Hosts = 1 }, Sent.Begin, Sent.Begin);
        world.Apply(world.Hosts[0], AppliedConfig.Load(Render("emergency"), out _)!, Sent.Begin);
        var self = new List<SentPoint>();
        world.Step(Sent.Begin + TimeSpan.FromMinutes(1), b =>
        {
            if (b.Kind == BatchKind.SelfTelemetry) self.AddRange(Sent.Read(b.Body.Span));
        });
        Assert.All(self, p => Assert.Equal(("emergency", "2"), (p.Resource["nrdot.profile"], p.Resource["nrdot.ring"])));
    }

    [Theory]
    [InlineData("reject=2")]
    [InlineData("none=0.1")]
    [InlineData("1=0.1")]
    [InlineData("reject=0.7,slow=0.7")]
    [InlineData("reject")]
    public void Faults_that_make_no_sense_are_refused(string text) => Assert.Throws<UsageException>(() => AgentFaults.Parse(text));
}
