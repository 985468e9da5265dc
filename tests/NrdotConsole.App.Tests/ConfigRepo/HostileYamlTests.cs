using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Tests.ConfigRepo;

/// <summary>Files come from strangers' pushes: whatever they hold, the answer is a fault with a place, soon.</summary>
public sealed class HostileYamlTests
{
    static ConfigFault Refused(string text)
    {
        var faults = new FaultList("a.yaml");
        DocumentReader.Read(text, faults);
        return Assert.Single(faults.All);
    }

    [Fact]
    public void Anchors_and_aliases_are_refused_at_the_first() =>
        Assert.Equal((1, 4), (Refused("a: &a [lol, lol]\nb: &b [*a, *a]\nc: [*b, *b]\n") is { } f ? (f.Line, f.Column) : default));

    [Fact]
    public void A_key_twice_names_both_lines() => Assert.Contains("also in line 1", Refused("a: 1\nb: 2\na: 3\n").Message);

    [Fact]
    public void A_tab_is_named_as_such() => Assert.Equal((2, "indent by spaces"), Refused("a:\n\tb: 1\n") is { } f ? (f.Line, f.Mend) : default);

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_is_full() =>
        Assert.Contains("nested more than", Refused(new string('[', 100_000)).Message);

    [Fact]
    public void Deep_nesting_of_maps_is_refused_alike() =>
        Assert.Contains("nested more than", Refused(string.Concat(Enumerable.Range(0, 600).Select(i => new string(' ', i) + "a:\n"))).Message);

    [Fact]
    public void A_large_file_is_refused_by_its_size() => Assert.Contains("bytes", Refused(new string('a', ConfigLimits.MaxFileBytes + 1)).Message);

    [Fact]
    public void Many_values_are_refused_by_their_number() =>
        Assert.Contains("more than 50000 values", Refused("[" + string.Concat(Enumerable.Repeat("1,", 60_000)) + "]").Message);

    [Fact]
    public void Tags_and_second_documents_are_refused()
    {
        Assert.Contains("tag", Refused("a: !!python/object:os.system x\n").Message);
        Assert.Contains("second document", Refused("a: 1\n---\nb: 2\n").Message);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_no_text()
    {
        Assert.Null(ConfigTree.Decode(Encoding.Unicode.GetBytes("a: 1\n")));
        Assert.Null(ConfigTree.Decode([0x61, 0xff, 0x62]));
        Assert.Equal("a: 1\n", ConfigTree.Decode([.. Encoding.UTF8.Preamble, .. "a: 1\n"u8]));
    }

    [Fact]
    public void A_schema_reports_a_bounded_number_of_faults()
    {
        var text = "features:\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"  f{i}: {{enabled: maybe}}\n"));
        var report = ConfigValidation.Validate(new Dictionary<string, string> { ["feature-flags.yaml"] = text });
        Assert.Equal(ConfigLimits.MaxFaultsPerFile + 1, report.Faults.Count);
        Assert.Equal("300 more faults are not listed.", report.Faults[^1].Message);
    }

    [Property(MaxTest = 300)]
    public Property Shipped_files_with_damage_never_throw() => Prop.ForAll(
        Gen.Elements(ShippedFiles.All.Keys.ToArray()).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(),
        x =>
        {
            var random = new Random(x.Item2);
            var text = new StringBuilder(ShippedFiles.All[x.Item1]);
            for (var i = 0; i < 4; i++)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at));
                else text.Insert(at, "\t-:[]{}&*!|>'\"%@`#,?\0\n \u0085ä"[random.Next(24)]);
                if (text.Length == 0) break;
            }
            var report = ConfigValidation.Validate(new Dictionary<string, string> { [x.Item1] = text.ToString() });
            return report.IsValid != report.Errors.Any();
        });
}
