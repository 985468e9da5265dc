using System.Text.RegularExpressions;
using NrdotConsole.Core.Text;

namespace NrdotConsole.Core.Tests.Text;

public sealed class LinearRegexTests
{
    [Fact]
    public void A_pattern_is_made_once_and_matches_in_linear_time()
    {
        var made = LinearRegex.Of("^(a+)+$");
        Assert.Same(made, LinearRegex.Of("^(a+)+$"));
        Assert.DoesNotMatch(made, new string('a', 5_000) + "!");
    }

    [Fact]
    public void What_is_no_pattern_or_none_of_linear_time_is_refused_each_time()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Throws<RegexParseException>(() => LinearRegex.Of("("));
            Assert.Throws<NotSupportedException>(() => LinearRegex.Of("(?=a)b"));
        }
    }

    [Fact]
    public void More_patterns_than_are_remembered_still_match()
    {
        for (var i = 0; i < 1_100; i++) Assert.Matches(LinearRegex.Of($"^p{i}$"), $"p{i}");
    }
}
