using FsCheck;
using FsCheck.Xunit;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Tests.Profiles;

/// <summary>Our writer against an independent reader.</summary>
public sealed class YamlTreeTests
{
    static YamlNode Read(string text)
    {
        var (root, fault) = YamlTree.Read(text);
        Assert.True(root is not null, $"{fault}\n{text}");
        return root;
    }

    static void SurvivesTheTrip(YamlNode tree)
    {
        var text = YamlWriter.Write(tree);
        Assert.True(YamlNode.Same(tree, Read(text)), text);
        Assert.Equal(text, YamlWriter.Write(Read(text)));
    }

    [Property(MaxTest = 500)]
    public void Any_text_comes_back_as_a_value_and_as_a_key(NonNull<string> text)
    {
        if (text.Get.Any(char.IsSurrogate)) return; // half of a pair is no text
        SurvivesTheTrip(YamlMap.Of(("a", text.Get), ("b", YamlList.Of(text.Get, "x"))));
        SurvivesTheTrip(YamlMap.Of((text.Get, "value")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("Yes")]
    [InlineData("off")]
    [InlineData("y")]
    [InlineData("0x1F")]
    [InlineData("1e3")]
    [InlineData("12:30:45")]
    [InlineData("2026-11-23")]
    [InlineData(".inf")]
    [InlineData("60s")]
    [InlineData("- a")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("#")]
    [InlineData("key:")]
    [InlineData("'quoted'")]
    [InlineData("it's \"both\"")]
    [InlineData("two\nlines\n")]
    [InlineData(" leading and trailing ")]
    [InlineData("tab\tand\u0085next line\u2028separator\ufeff")]
    [InlineData("${env:HOST_ID:-none}")]
    [InlineData("^(a|b)$$")]
    [InlineData("{flow: [map]}")]
    [InlineData("%directive")]
    [InlineData("---")]
    [InlineData("...")]
    [InlineData("!tag")]
    [InlineData("&anchor")]
    [InlineData("<<")]
    [InlineData("=")]
    public void Texts_that_look_like_something_else_stay_texts(string text)
    {
        SurvivesTheTrip(YamlMap.Of(("a", text), (text.Length == 0 ? "empty" : text, YamlList.Of(text))));
    }

    [Property(MaxTest = 300)]
    public void Any_tree_comes_back(int seed) => SurvivesTheTrip(Tree(new(seed), 5));

    [Fact]
    public void Nodes_know_their_lines()
    {
        var map = Read("# a comment\na:\n  b: 1\n  c:\n    - x\n    - y\n").AsMap!;
        Assert.Equal((2, 3, 4), (map.Entries[0].Line, map.Find("a")!.AsMap!.Entries[0].Line, map.Find("a")!.AsMap!.Entries[1].Line));
        Assert.Equal(6, (map.Find("a", "c") as YamlList)!.Items[1].Line);
    }

    [Fact]
    public void Anchors_are_resolved() => Assert.Equal("1", Read("a: &x {b: 1}\nc: *x\n").AsMap!.Find("c", "b")!.Value);

    [Theory]
    [InlineData("a: 1\na: 2\n", 2, "second time")]
    [InlineData("a: *none\n", 1, "none")]
    [InlineData("a: [1\n", 0, "")]
    [InlineData("a: 1\n---\nb: 2\n", 2, "second document")]
    public void What_is_no_document_is_a_fault_with_its_line(string text, int line, string says)
    {
        var (root, fault) = YamlTree.Read(text);
        Assert.Null(root);
        if (line > 0) Assert.Equal(line, fault!.Line);
        Assert.Contains(says, fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_unfolds_without_end_is_refused()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("nodes", YamlTree.Read(bomb).Fault!.Message, StringComparison.Ordinal);
        Assert.Contains("deeper", YamlTree.Read(new string('[', 200) + new string(']', 200)).Fault!.Message, StringComparison.Ordinal);
    }

    static readonly string[] s_texts = ["", "a", "a b", "true", "12", "x: y", "- z", "é漢", "'", "\"", "\n", "${env:A}", "k8s.namespace.name"];

    static YamlNode Tree(Random random, int depth) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        0 => random.Next(5) switch { 0 => YamlScalar.Null, 1 => random.Next(-9, 1_000_000), 2 => random.Next(2) == 0, _ => (YamlNode)s_texts[random.Next(s_texts.Length)] },
        1 => new YamlList([.. Enumerable.Range(0, random.Next(4)).Select(_ => Tree(random, depth - 1))]),
        _ => YamlMap.Of(Enumerable.Range(0, random.Next(5)).Select(i => (s_texts[random.Next(s_texts.Length)] + i, Tree(random, depth - 1)))),
    };
}
