using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.App.Platform.ConfigRepo.Merging;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Tests.ConfigRepo;

public sealed class MergeTests
{
    static readonly string s_rings = ShippedFiles.All["rings.yaml"];

    static ConfigNode Read(string text)
    {
        var faults = new FaultList("a.yaml");
        var node = DocumentReader.Read(text, faults);
        Assert.Empty(faults.All);
        return node!;
    }

    static IReadOnlyList<FieldDifference> Between(string before, string after) => FieldDifference.Between(Read(before).ToYaml(), Read(after).ToYaml());

    static FileMerge Merge(string before, string ours, string theirs) => FileMerge.Of("a.yaml", before, ours, theirs);

    [Fact]
    public void Neighbouring_fields_merge_and_comments_stay()
    {
        var merge = Merge(s_rings, s_rings.Replace("name: control\n", "name: stable # quiet\n"), s_rings.Replace("    share: 0.40\n", "    share: 0.45\n"));
        Assert.Contains("name: stable # quiet\n    share: 0.45\n", merge.Text);
        Assert.Contains("# Every host is in exactly one ring", merge.Text);
    }

    [Fact]
    public void Two_fields_of_one_line_merge()
    {
        const string line = "# Head\nfeatures:\n  a: {enabled: false, owner: ann}\n";
        var merge = Merge(line, line.Replace("false", "true"), line.Replace("ann", "bob"));
        Assert.True(Read(merge.Text!).Means(Read("features: {a: {enabled: true, owner: bob}}")));
        Assert.StartsWith("# Head\n", merge.Text);
    }

    [Fact]
    public void One_field_changed_twice_is_a_conflict_with_all_values()
    {
        var conflict = Assert.Single(Merge(s_rings, s_rings.Replace("share: 0.05", "share: 0.04"), s_rings.Replace("share: 0.05", "share: 0.06")).Conflicts);
        Assert.Equal(new("rings[4].share", "0.05", "0.04", "0.06"), conflict);
    }

    [Fact]
    public void Two_people_add_to_one_list()
    {
        const string list = "hosts: [a, b]\n";
        var merge = Merge(list, "hosts: [a, b, d]\n", "hosts: [a, b, c]\n");
        Assert.True(Read(merge.Text!).Means(Read("hosts: [a, b, c, d]")));
    }

    [Fact]
    public void Two_orders_of_one_list_are_a_conflict() =>
        Assert.Equal("order", Assert.Single(Merge("order: [1, 2, 3]\n", "order: [3, 2, 1]\n", "order: [2, 1, 3]\n").Conflicts).Field);

    [Fact]
    public void Deleted_here_and_changed_there_is_a_conflict()
    {
        const string before = "features:\n  a:\n    enabled: false\n  b:\n    enabled: true\n";
        Assert.Equal("features.a", Assert.Single(Merge(before, "features:\n  b:\n    enabled: true\n", before.Replace("false", "true")).Conflicts).Field);
    }

    [Fact]
    public void Text_that_is_no_yaml_merges_by_lines()
    {
        const string before = "# A\none\ntwo\nthree\n";
        Assert.Equal("# A\n1\ntwo\n3\n", FileMerge.Of("runbooks/a.md", before, before.Replace("one", "1"), before.Replace("three", "3")).Text);
        Assert.Equal("line 3", Assert.Single(FileMerge.Of("runbooks/a.md", before, before.Replace("two", "2"), before.Replace("two", "II")).Conflicts).Field);
    }

    [Fact]
    public void A_semantic_diff_names_fields_and_not_lines()
    {
        var after = s_rings.Replace("share: 0.05", "share: 0.10").Replace("share: 0.15", "share: 0.10").Replace("# rings.yaml", "# Rings");
        Assert.Equal([new("rings[3].share", "0.15", "0.10"), new("rings[4].share", "0.05", "0.10")], Between(s_rings, after));
    }

    /// <summary>Documents as people have them: a map of named maps, a list of named maps, a list of words.</summary>
    static readonly Gen<YamlMap> s_document =
        from flags in Gen.Choose(0, 5)
        from rings in Gen.Choose(0, 5)
        from words in Gen.Choose(0, 5)
        from seed in Gen.Choose(0, 1_000_000)
        select YamlMap.Of(
            ("flags", YamlMap.Of(Enumerable.Range(0, flags).Select(i => ($"f{i}", (YamlNode)Fields(seed + i))))),
            ("rings", new YamlList([.. Enumerable.Range(0, rings).Select(i => (YamlNode)YamlMap.Of([("name", $"r{i}"), .. Fields(seed + i).Entries.Select(e => (e.Key, e.Value))]))])),
            ("words", YamlList.Of(Enumerable.Range(0, words).Select(i => $"w{i}"))));

    static YamlMap Fields(int seed) => YamlMap.Of(("a", seed % 97), ("b", seed % 89), ("c", $"text {seed % 83}"));

    /// <summary>Sets one field of the document; which one, the number says.</summary>
    static YamlMap Edit(YamlMap document, int which, string value)
    {
        var map = document;
        var (flags, rings) = (map.Find("flags")!.AsMap!, map.Find("rings")!.AsList!);
        var leaves = flags.Entries.Count * 3 + rings.Items.Count * 3;
        var at = which % (leaves + 3);
        if (at < flags.Entries.Count * 3) return With(map, "flags", With(flags, flags.Entries[at / 3].Key, With(flags.Entries[at / 3].Value.AsMap!, "abc"[at % 3].ToString(), value)));
        at -= flags.Entries.Count * 3;
        if (at < rings.Items.Count * 3) return With(map, "rings", new YamlList([.. rings.Items.Select((r, i) => i == at / 3 ? With(r.AsMap!, "abc"[at % 3].ToString(), value) : r)]));
        at -= rings.Items.Count * 3;
        return at switch
        {
            0 => With(map, "flags", With(flags, "new " + value, Fields(7))),
            1 => With(map, "rings", new YamlList([.. rings.Items, YamlMap.Of(("name", "new " + value), ("a", 1))])),
            _ => With(map, "words", new YamlList([.. map.Find("words")!.AsList!.Items, value])),
        };
    }

    static YamlMap With(YamlMap map, string key, YamlNode value) =>
        map.Find(key) is null ? new([.. map.Entries, new(key, value)]) : new([.. map.Entries.Select(e => e.Key == key ? e with { Value = value } : e)]);

    [Property(MaxTest = 100)]
    public Property Edits_of_different_fields_are_both_there_whoever_merges_whom() => Prop.ForAll(
        (from document in s_document from x in Gen.Choose(0, 1000) from y in Gen.Choose(0, 1000) select (document, x, y)).ToArbitrary(), c =>
        {
            var before = YamlWriter.Write(c.document);
            var (ours, theirs) = (YamlWriter.Write(Edit(c.document, c.x, "mine")), YamlWriter.Write(Edit(c.document, c.y, "other")));
            var (one, two) = (Merge(before, ours, theirs), Merge(before, theirs, ours));
            if (one.Text is null) return two.Text is null && Between(before, ours).Select(f => f.Field).SequenceEqual(Between(before, theirs).Select(f => f.Field));
            return Read(one.Text).Means(Read(two.Text!)) && Holds(one.Text, "mine") && Holds(one.Text, "other");
        });

    /// <summary>Edits at random on both sides: each changed field has its new value after the merge, or is named by a conflict.</summary>
    [Property(MaxTest = 100)]
    public Property No_edit_is_lost_without_a_word() => Prop.ForAll(
        (from document in s_document from x in Gen.ListOf(Gen.Choose(0, 60)) from y in Gen.ListOf(Gen.Choose(0, 60)) select (document, x, y)).ToArbitrary(), c =>
        {
            var before = YamlWriter.Write(c.document);
            var ours = YamlWriter.Write(c.x.Take(4).Select((w, i) => (w, i)).Aggregate(c.document, (d, e) => Edit(d, e.w, string.Create(CultureInfo.InvariantCulture, $"mine{e.i}"))));
            var theirs = YamlWriter.Write(c.y.Take(4).Select((w, i) => (w, i)).Aggregate(c.document, (d, e) => Edit(d, e.w, string.Create(CultureInfo.InvariantCulture, $"other{e.i}"))));
            var merge = Merge(before, ours, theirs);
            if (merge.Text is null) return merge.Conflicts.All(f => f.Field.Length > 0 && f.Ours != f.Theirs);
            var merged = Read(merge.Text);
            return Kept(before, ours, merged) && Kept(before, theirs, merged);
        });

    static bool Kept(string before, string side, ConfigNode merged)
    {
        var wanted = Between(before, side).ToList();
        var missing = FieldDifference.Between(merged.ToYaml(), Read(side).ToYaml()).Select(f => f.Field).ToHashSet();
        return wanted.All(w => !missing.Contains(w.Field) || w.Field == "words");
    }

    static bool Holds(string text, string value) => text.Contains(value, StringComparison.Ordinal);
}
