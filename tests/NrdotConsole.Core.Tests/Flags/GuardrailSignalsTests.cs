using NrdotConsole.Core.Flags;

namespace NrdotConsole.Core.Tests.Flags;

public sealed class GuardrailSignalsTests
{
    [Theory]
    [InlineData("coverage.score", 0.95, null, null)]
    [InlineData("series.active", null, 5_000.0, null)]
    [InlineData("cost.usd_per_hour", 0.0, 0.5, null)]
    [InlineData("coverage.score", 95.0, null, "0 to 1, such as 0.95 for 95 %")]
    [InlineData("collector.queue_share", null, 80.0, "0 to 1, such as 0.95 for 95 %")]
    [InlineData("series.active", -1.0, null, "0 or more")]
    [InlineData("series.active", double.NaN, null, "0 or more")]
    [InlineData("series.active", 10.0, 5.0, "min at most max")]
    [InlineData("series.active", null, null, "min, max, or both")]
    public void A_guardrail_that_can_never_or_always_hold_is_refused_with_the_mend(string signal, double? min, double? max, string? mend) =>
        Assert.Equal(mend, GuardrailSignals.Check(signal, min, max)?.Mend);

    [Fact]
    public void An_unknown_signal_is_answered_with_those_there_are() =>
        Assert.StartsWith("one of coverage.score, ", GuardrailSignals.Check("coverage", 0, null)?.Mend, StringComparison.Ordinal);
}
