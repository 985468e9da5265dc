using FsCheck.Xunit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Tests.ConfigRepo;

public sealed class ConfigEditTests
{
    static string Shipped(string file) => ShippedFiles.All[file];

    static ConfigNode Read(string text)
    {
        var faults = new FaultList("");
        var node = DocumentReader.Read(text, faults);
        Assert.False(faults.HasErrors, text);
        return node!;
    }

    [Fact]
    public void A_value_changes_and_nothing_else()
    {
        var before = Shipped("rings.yaml");
        var after = ConfigEdit.Set(before, ["rings", "id=4", "share"], new YamlScalar("0.15", YamlKind.Number));
        Assert.Equal(before.Replace("share: 0.05", "share: 0.15", StringComparison.Ordinal), after);
    }

    [Fact]
    public void A_list_keeps_the_comment_beside_it()
    {
        var after = ConfigEdit.Set(Shipped("feature-flags.yaml"), ["features", "ewma_anomaly_detection", "rollout", "rings"], YamlList.Of("2", "3", "4"));
        Assert.Contains("rings: [\"2\", \"3\", \"4\"]  # Treatment groups", after, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_key_is_added_to_its_map()
    {
        var after = ConfigEdit.Set(Shipped("feature-flags.yaml"), ["features", "advanced_filtering", "owner"], "observability");
        Assert.Equal("observability", Read(after)["features"]!["advanced_filtering"]!["owner"]!.Text);
        Assert.Equal("false", Read(after)["features"]!["advanced_filtering"]!["enabled"]!.Text);
    }

    [Fact]
    public void A_whole_entry_is_added_in_block_style()
    {
        var after = ConfigEdit.Set(Shipped("feature-flags.yaml"), ["features", "new_flag"], YamlMap.Of(("enabled", true), ("rollout", YamlMap.Of(("strategy", "all")))));
        Assert.Contains("  new_flag:\n    enabled: true\n", after, StringComparison.Ordinal);
        Assert.Equal(4, Read(after)["features"]!.Entries.Count);
    }

    [Fact]
    public void Pins_come_and_go_in_an_empty_map()
    {
        var one = ConfigEdit.Set(Shipped("rings.yaml"), ["pins", "prod-host-001"], 4);
        var two = ConfigEdit.Set(one, ["pins", "2-odd: key"], 0);
        Assert.Equal(["prod-host-001", "2-odd: key"], Read(two)["pins"]!.Entries.Select(e => e.Key));
        Assert.Equal(Shipped("rings.yaml"), ConfigEdit.Remove(ConfigEdit.Remove(two, ["pins", "2-odd: key"]), ["pins", "prod-host-001"]));
    }

    [Fact]
    public void A_block_list_is_replaced_as_a_whole()
    {
        var after = ConfigEdit.Set("a:\n  - x # first\n  - y\nb: 1\n", ["a"], YamlList.Of("z"));
        Assert.Equal("a: [z]\nb: 1\n", after);
    }

    [Fact]
    public void A_value_that_was_left_empty_is_filled() => Assert.Equal("a: 1 # why\n", ConfigEdit.Set("a: # why\n", ["a"], 1));

    [Fact]
    public void An_item_of_a_list_is_edited_not_added()
    {
        Assert.Throws<FormatException>(() => ConfigEdit.Set(Shipped("rings.yaml"), ["rings", "id=9", "profile"], "balanced"));
        Assert.Throws<FormatException>(() => ConfigEdit.Set("other: 1\n", ["rings", "id=4", "profile"], "balanced"));
    }

    [Fact]
    public void A_file_that_ends_without_a_line_end_gets_one() => Assert.Equal("a:\n  b: 1\n  c: '2'\n", ConfigEdit.Set("a:\n  b: 1", ["a", "c"], "2"));

    [Fact]
    public void What_is_no_map_is_refused() => Assert.Throws<FormatException>(() => ConfigEdit.Set("a: 1\n", ["a", "b"], 1));

    [Property(MaxTest = 300)]
    public void What_was_set_is_read_again_and_other_fields_stay(int seed, string text)
    {
        var random = new Random(seed);
        var files = ShippedFiles.All.Where(f => f.Key.EndsWith(".yaml", StringComparison.Ordinal)).ToList();
        var before = files[random.Next(files.Count)].Value;
        // What YAML cannot hold is no text of ours.
        var value = string.Concat((text ?? "").Where(c => !char.IsSurrogate(c) && c is not ('\ufffe' or '\uffff' or '\r')));
        var path = new List<string>();
        var node = Read(before);
        while (node.Shape == NodeShape.Map && node.Entries.Count > 0 && (path.Count == 0 || random.Next(3) > 0))
        {
            var entry = node.Entries[random.Next(node.Entries.Count)];
            path.Add(entry.Key);
            node = entry.Value;
        }
        if (path.Count == 0) return;
        var after = Read(ConfigEdit.Set(before, path, value));
        var now = path.Aggregate(after, (n, key) => n[key]!);
        Assert.Equal((value, YamlKind.Text), (now.Text, now.Kind));
        Assert.All(Read(before).Entries.Where(e => e.Key != path[0]), e => Assert.True(e.Value.Means(after[e.Key]!)));
    }
}
