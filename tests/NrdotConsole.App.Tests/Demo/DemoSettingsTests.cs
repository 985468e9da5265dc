using Microsoft.Extensions.Configuration;
using NrdotConsole.App.Features.Demo;
using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Tests.Demo;

public sealed class DemoSettingsTests
{
    static DemoSettings From(params string[] args) => DemoSettings.From(new ConfigurationBuilder().AddCommandLine(DemoSettings.Spell(args)).Build());

    [Fact]
    public void There_is_no_demonstration_unless_asked_for() => Assert.False(From().Enabled);

    [Fact]
    public void The_flag_leaves_the_words_around_it_alone()
    {
        var settings = From("--Demo:Interval", "5s", DemoSettings.Flag, "--Demo:Hosts=12");
        Assert.Equal(new(true, 12, "5s", "30m"), settings);
    }

    [Theory]
    [InlineData("--Demo:Hosts=many", "Demo:Hosts")]
    [InlineData("--Demo:Hosts=-1", "Demo:Hosts")]
    [InlineData("--Demo:Enabled=perhaps", "Demo:Enabled")]
    public void A_setting_that_is_not_understood_stops_the_start_by_name(string arg, string key) =>
        Assert.Equal(key, Assert.Throws<StartException>(() => From(arg)).Subject);
}
