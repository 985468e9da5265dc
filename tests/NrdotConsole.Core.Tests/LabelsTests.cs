using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Tests;

public sealed class LabelsTests
{
    [Fact]
    public void Labels_in_another_order_are_the_same_labels() =>
        Assert.Equal(Labels.Of(("a", "1"), ("b", "2")), Labels.Of(("b", "2"), ("a", "1")));

    [Fact]
    public void The_last_value_of_a_repeated_key_stands() =>
        Assert.Equal("2", Labels.Of(("a", "1"), ("a", "2")).Get("a"));
}
