using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Tests.Fleet;

public sealed class ProcessClassificationTests
{
    [Theory]
    [InlineData("systemd", "critical_system", 1.0)]
    [InlineData("systemd-journald", "critical_system", 1.0)]
    [InlineData("sshd", "critical_system", 1.0)]
    [InlineData("NetworkManager", "critical_system", 1.0)]
    [InlineData("svchost.exe", "critical_system", 1.0)]
    [InlineData(@"C:\Windows\System32\lsass.exe", "critical_system", 1.0)]
    [InlineData("postgres", "database", 0.9)]
    [InlineData("/usr/lib/postgresql/16/bin/postgres", "database", 0.9)]
    [InlineData("redis-server", "database", 0.9)]
    [InlineData("sqlservr.exe", "database", 0.9)]
    [InlineData("nginx", "web_server", 0.8)]
    [InlineData("w3wp.exe", "web_server", 0.8)]
    [InlineData("mosquitto", "message_queue", 0.8)]
    [InlineData("containerd-shim-runc-v2", "container", 0.7)]
    [InlineData("java", "application", 0.6)]
    [InlineData("python3.12", "application", 0.6)]
    [InlineData("php-fpm8.3", "application", 0.6)]
    [InlineData("gitlab-runner", "ci_cd", 0.4)]
    [InlineData("newrelic-infra", "monitoring", 0.3)]
    [InlineData("prometheus-node-exporter", "monitoring", 0.3)]
    [InlineData("bash", "utility", 0.1)]
    [InlineData("kworker/0:1H", "noise", 0.0)]
    [InlineData("[migration/3]", "noise", 0.0)]
    [InlineData("sleep", "noise", 0.0)]
    [InlineData("javascript-thing", "other", 0.3)]
    [InlineData("gopls", "other", 0.3)]
    [InlineData("", "other", 0.3)]
    public void A_process_is_classed_by_its_executable(string executable, string expected, double importance)
    {
        var found = ProcessClassification.Default.Of(executable);
        Assert.Equal((expected, importance), (found.Name, found.Importance));
    }

    [Theory]
    [InlineData(10, Tier.Critical)]
    [InlineData(9, Tier.Critical)]
    [InlineData(8, Tier.Important)]
    [InlineData(6, Tier.Important)]
    [InlineData(5, Tier.Standard)]
    [InlineData(3, Tier.Standard)]
    [InlineData(2, Tier.Noise)]
    [InlineData(0, Tier.Noise)]
    public void The_tier_follows_from_importance(int tenths, Tier expected) => Assert.Equal(expected, ProcessClass.TierOf(tenths));

    [Fact]
    public void Names_beyond_the_remembered_ones_are_still_classed()
    {
        var classification = new ProcessClassification([new("database", 9, "^pg")]);
        for (var i = 0; i < ProcessClassification.RememberedNamesLimit + 10; i++) Assert.Equal("database", classification.Of($"pg{i}").Name);
    }

    [Fact]
    public void A_class_stands_at_its_index() =>
        Assert.All(ProcessClassification.Default.Classes, (c, i) => Assert.Equal(i, c.Index));
}
