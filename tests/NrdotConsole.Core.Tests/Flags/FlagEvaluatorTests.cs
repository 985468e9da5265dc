using FsCheck.Xunit;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.Core.Tests.Flags;

public sealed class FlagEvaluatorTests
{
    static readonly HostIdentity s_host = new("production", "i-0123", "prod-host-001");

    static HostIdentity[] Hosts(int count) => [.. Enumerable.Range(0, count).Select(i => new HostIdentity("production", $"i-{i:x}", $"host-{i}"))];

    static FlagVerdict Of(Flag flag, int? ring = 2, HostIdentity? host = null) => FlagEvaluator.Evaluate(new([flag]), flag.Key, host ?? s_host, ring)!;

    [Fact]
    public void An_unknown_key_has_no_verdict() => Assert.Null(FlagEvaluator.Evaluate(FlagSet.None, "nothing", s_host, 1));

    [Fact]
    public void A_disabled_flag_is_off_and_says_so() =>
        Assert.Equal((false, FlagReason.Disabled), (Of(new() { Key = "f" }).Value, Of(new() { Key = "f" }).Reason));

    [Fact]
    public void A_canary_is_named_by_key_or_name()
    {
        var flag = new Flag { Key = "f", Enabled = true, Strategy = FlagStrategy.Canary, Hosts = ["prod-host-001", "i-77"] };
        Assert.True(Of(flag).Value);
        Assert.True(Of(flag, host: new("x", "i-77", "other")).Value);
        Assert.False(Of(flag, host: new("x", "i-78", "other")).Value);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(null, false)]
    public void A_ring_strategy_is_on_in_its_rings_only(int? ring, bool expected) =>
        Assert.Equal(expected, Of(new() { Key = "f", Enabled = true, Strategy = FlagStrategy.Ring, Rings = [4] }, ring).Value);

    [Theory]
    [InlineData(FlagStrategy.Ring)]
    [InlineData(FlagStrategy.Canary)]
    [InlineData(FlagStrategy.Tenant)]
    public void A_strategy_that_names_nobody_is_on_for_nobody(FlagStrategy strategy) =>
        Assert.False(Of(new() { Key = "f", Enabled = true, Strategy = strategy }).Value);

    /// <summary>The guide's ewma_anomaly_detection: 20 % of rings 2 and 3.</summary>
    [Fact]
    public void A_percentage_with_rings_is_a_share_of_those_rings()
    {
        var flag = new Flag { Key = "ewma_anomaly_detection", Enabled = true, Strategy = FlagStrategy.Percentage, Percentage = 20, Rings = [2, 3] };
        var hosts = Hosts(10_000);
        Assert.Equal(0, hosts.Count(h => Of(flag, 1, h).Value));
        Assert.InRange(hosts.Count(h => Of(flag, 2, h).Value), 1_850, 2_150);
    }

    [Property(MaxTest = 100)]
    public void Raising_a_percentage_never_turns_a_host_off(byte low, byte more)
    {
        var flag = new Flag { Key = "f", Enabled = true, Strategy = FlagStrategy.Percentage, Percentage = low % 101 };
        var raised = flag with { Percentage = Math.Min(100, flag.Percentage + more) };
        Assert.All(Hosts(200), h => Assert.True(!Of(flag, 0, h).Value || Of(raised, 0, h).Value));
        Assert.All(Hosts(200), h => Assert.True(Of(flag with { Percentage = 100 }, 0, h).Value));
        Assert.All(Hosts(200), h => Assert.False(Of(flag with { Percentage = 0 }, 0, h).Value));
    }

    [Fact]
    public void Two_flags_do_not_choose_the_same_hosts()
    {
        var chosen = Hosts(10_000).Count(h => FlagEvaluator.BucketOf("a", h) < 2_000 && FlagEvaluator.BucketOf("b", h) < 2_000);
        Assert.InRange(chosen, 300, 500);
    }

    [Fact]
    public void A_flag_is_off_where_its_prerequisite_is()
    {
        var flags = new FlagSet([
            new() { Key = "base", Enabled = true, Strategy = FlagStrategy.Ring, Rings = [2] },
            new() { Key = "top", Enabled = true, Prerequisites = ["base"] },
        ]);
        Assert.True(FlagEvaluator.Evaluate(flags, "top", s_host, 2)!.Value);
        Assert.False(FlagEvaluator.Evaluate(flags, "top", s_host, 3)!.Value);
        Assert.Equal(["base", "top"], FlagEvaluator.On(flags, s_host, 2).Select(f => f.Key));
    }

    [Fact]
    public void A_cycle_of_prerequisites_is_off_and_ends()
    {
        var flags = new FlagSet([new() { Key = "a", Enabled = true, Prerequisites = ["b"] }, new() { Key = "b", Enabled = true, Prerequisites = ["a"] }]);
        Assert.False(FlagEvaluator.Evaluate(flags, "a", s_host, 1)!.Value);
    }
}
