using NrdotConsole.App.Platform.Rings;
using FsCheck;
using FsCheck.Fluent;
using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Tests.Rings;

public sealed class RingEditTests
{
    const string Commented = """
        # who is whose neighbour
        rings:
          - {id: 0, name: control, share: 0.6, role: control}   # never touched first
          - id: 1
            name: treatment
            share: 0.3   # wide enough to judge
            role: treatment
          - id: 2
            name: experimental
            share: 0.1
            role: experimental
        rollout_order: [2, 1, 0]   # small to large
        pins:
          db-1: 0   # the ledger
          db-2: 0
        exclusions: []
        """;

    static RingPlan Plan(string text)
    {
        var report = ConfigValidation.Validate(new Dictionary<string, string> { ["rings.yaml"] = text });
        Assert.True(report.IsValid, string.Join("\n", report.Errors));
        return report.State!.Rings;
    }

    static string Write(string text, RingEdit edit)
    {
        var before = Plan(text);
        var (after, faults) = edit.On(before);
        Assert.Empty(faults);
        return RingEdit.Write(text, before, after);
    }

    [Fact]
    public void What_is_not_edited_stays_as_its_author_wrote_it()
    {
        var text = Write(Commented, new()
        {
            Shares = new Dictionary<int, decimal> { [1] = 0.25m, [2] = 0.15m }, Order = [2, 0, 1], Pins = new Dictionary<string, int> { ["db-1"] = 0, ["web 7"] = 2 },
        });
        Assert.Equal(
            Commented.Replace("share: 0.3 ", "share: 0.25 ").Replace("share: 0.1\n", "share: 0.15\n").Replace("[2, 1, 0]", "[2, 0, 1]").Replace("  db-2: 0\n", "  web 7: 2\n"), text);
    }

    [Fact]
    public void Excluded_hosts_stand_a_line_each()
    {
        var text = Write(Commented, new() { Exclusions = ["b-2", "a-1"] });
        Assert.EndsWith("exclusions:\n  - a-1\n  - b-2\n", text, StringComparison.Ordinal);
        Assert.Contains("# the ledger", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_edited_the_file_then_says_it()
    {
        var host = Gen.Elements("a", "b 1", "true", "12", "ü-3", "x#y", "i-0af3", "a: b", "-");
        var edits =
            from cut in Gen.Choose(0, 1000)
            from second in Gen.Choose(0, 1000 - cut)
            from order in Gen.Shuffle(new[] { 0, 1, 2 })
            from pins in Gen.ListOf(host.Zip(Gen.Choose(0, 2)))
            from exclusions in Gen.ListOf(host)
            select new RingEdit
            {
                Shares = new Dictionary<int, decimal> { [0] = cut / 1000m, [1] = second / 1000m, [2] = (1000 - cut - second) / 1000m }, Order = [.. order],
                Pins = pins.DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2), Exclusions = [.. exclusions.Distinct()],
            };
        Prop.ForAll(Arb.From(edits), Arb.From(edits), (first, second) =>
        {
            var once = Write(Commented, first);
            var twice = Write(once, second);
            Assert.Equal(first.On(Plan(Commented)).Plan, Plan(once));
            Assert.Equal(second.On(Plan(once)).Plan, Plan(twice));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_thousand_pins_are_one_block()
    {
        var pins = Enumerable.Range(0, 1000).ToDictionary(i => $"i-{i:000}", i => i % 3);
        var text = Write(Commented, new() { Pins = pins });
        Assert.Equal(pins.Count, Plan(text).Pins.Count);
        Assert.Contains("\n  i-999: 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_names_the_field_what_it_held_and_what_it_may_hold()
    {
        var plan = RingPlan.Default;
        Faulty(new() { Shares = new Dictionary<int, decimal> { [0] = 0.3m } }, "shares", "0.9", "add 0.1");
        Faulty(new() { Shares = new Dictionary<int, decimal> { [0] = 1.2m } }, "shares.0", "1.2", "0 to 1");
        Faulty(new() { Shares = new Dictionary<int, decimal> { [9] = 0.3m } }, "shares", "9", "0, 1, 2, 3, 4");
        Faulty(new() { Order = [4, 3, 3, 1, 0] }, "order", "4, 3, 3, 1, 0", "each ring once");
        Faulty(new() { Pins = new Dictionary<string, int> { ["h"] = 7 } }, "pins.h", "7", "0, 1, 2, 3, 4");
        Faulty(new() { Pins = new Dictionary<string, int> { [" h"] = 1 } }, "pins", " h", "at most 100 characters");
        Faulty(new() { Exclusions = [new string('x', 101)] }, "exclusions", "xxx", "at most 100 characters");
        Faulty(new() { Exclusions = [.. Enumerable.Range(0, RingEdit.MaxHosts + 1).Select(i => $"{i}")] }, "exclusions", $"{RingEdit.MaxHosts + 1} hosts", $"at most {RingEdit.MaxHosts}");

        void Faulty(RingEdit edit, string field, string value, string allowed)
        {
            var fault = Assert.Single(edit.On(plan).Faults);
            Assert.Equal(field, fault.Field);
            Assert.StartsWith(value, fault.Value, StringComparison.Ordinal);
            Assert.Contains(allowed, fault.Allowed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_form_gives_a_ring_the_rest_and_finds_hosts_by_any_name()
    {
        var draft = new RingDraft(RingPlan.Default);
        Assert.False(draft.IsChanged);
        draft.Percents[0] = 30;
        draft.Balance(4);
        Assert.Equal((100, 15m), (draft.Sum, draft.Percents[4]));
        draft.Shift(4, 1);
        draft.Shift(0, 1);
        Assert.Equal([3, 4, 2, 1, 0], draft.Order);

        var at = DateTimeOffset.UnixEpoch;
        RingMember[] members = [new(new("prod", "i-1", "web-1"), 0, at, at), new(new("prod", "i-2", "web-2"), 0, at, at), new(new("dev", "i-3", "web-2"), 0, at, at)];
        var (keys, notSeen) = draft.Resolve("web-1,\n web-2; prod/i-2 gone-1", members);
        Assert.Equal(["i-1", "i-2", "i-3"], keys);
        Assert.Equal(["gone-1"], notSeen);
    }
}
