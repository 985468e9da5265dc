using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Tests.Changes;

public sealed class YamlEditTests
{
    const string Rings = """
        # rings.yaml: who goes first
        rings:
          - id: 0
            name: control      # stays
            profile: balanced  # was: aggressive
          - id: 4
            name: experimental
        # the end of the list
        pins: {}
        """;

    static readonly YamlStep[] Four = [new("rings"), new("4", "id")];

    [Fact]
    public void A_field_that_is_there_changes_and_every_other_character_stays() =>
        Assert.Equal(Rings.Replace("balanced  #", "emergency  #"), YamlEdit.Set(Rings, [new("rings"), new("0", "id")], "profile", "emergency"));

    [Fact]
    public void A_field_that_is_absent_is_added_behind_the_last_of_its_map() =>
        Assert.Equal(Rings.Replace("experimental\n", "experimental\n    profile: conservative\n"), YamlEdit.Set(Rings, Four, "profile", "conservative"));

    [Fact]
    public void An_empty_map_gets_its_first_entry_and_then_its_second()
    {
        var once = YamlEdit.Set(Rings, [new("pins")], "host: 1", "x")!;
        Assert.EndsWith("pins: { \"host: 1\": x }", once);
        Assert.EndsWith("pins: { \"host: 1\": x, b: \"true\" }", YamlEdit.Set(once, [new("pins")], "b", "true"));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("rings: 3")]
    [InlineData("")]
    public void A_text_without_that_map_is_left_alone(string text) => Assert.Null(YamlEdit.Set(text, Four, "profile", "balanced"));

    [Fact]
    public void A_file_that_ends_without_a_line_end_gets_one() => Assert.Equal("a:\n  b: 1\n  c: 2\n", YamlEdit.Set("a:\n  b: 1", [new("a")], "c", "2"));

    [Fact]
    public void A_profile_switch_edits_the_file_that_decides()
    {
        var (edits, faults) = new ProfileSwitch("conservative", new([4], [], [new("prod", "i-1")])).On(ShippedFiles.All);
        Assert.Empty(faults);
        Assert.Equal(["profiles.yaml", "rings.yaml"], edits.Keys.Order(StringComparer.Ordinal));
        var state = ConfigValidation.Validate(ShippedFiles.All.ToDictionary(f => f.Key, f => edits.GetValueOrDefault(f.Key) ?? f.Value)).State!;
        Assert.Equal("conservative", state.Rings.Find(4)!.Profile);
        Assert.Equal("conservative", state.Profiles.Pins["i-1"]);
        Assert.Null(state.Rings.Find(3)!.Profile);
        Assert.Equal("targets.tenants", new ProfileSwitch("conservative", new([], ["nobody"], [])).On(ShippedFiles.All).Faults.Single().Field);
    }
}
