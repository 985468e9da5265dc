using FsCheck.Xunit;
using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Tests.Shell;

public sealed class FuzzyMatchTests
{
    [Fact]
    public void A_start_beats_a_word_beats_a_part_beats_scattered_letters()
    {
        string[] names = ["web-1", "a web", "cobweb", "w-e-b"];
        Assert.Equal(names, names.Reverse().OrderByDescending(n => FuzzyMatch.Score("web", n)));
    }

    [Fact]
    public void A_missing_letter_is_no_match() => Assert.Null(FuzzyMatch.Score("webx", "web-1"));

    [Fact]
    public void Case_and_surrounding_spaces_do_not_matter() => Assert.Equal(FuzzyMatch.Score("web", "Web-1"), FuzzyMatch.Score("  WEB ", "web-1"));

    [Property]
    public bool Every_name_matches_itself_and_any_letters_of_it_in_order(string name)
    {
        name ??= "";
        var everySecond = new string([.. name.Where((_, i) => i % 2 == 0)]);
        return FuzzyMatch.Score(name, name) is not null && FuzzyMatch.Score(everySecond, name) is not null;
    }
}
