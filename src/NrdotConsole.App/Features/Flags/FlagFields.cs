using System.Globalization;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.App.Features.Flags;

/// <summary>What a form or a request says of a flag; null leaves the field as it is.</summary>
internal sealed record FlagFields
{
    public const int MaxNames = 2_000, MaxText = 1_000;

    public bool? Enabled { get; init; }
    public string? Description { get; init; }
    public FlagStrategy? Strategy { get; init; }

    /// <summary>0..100.</summary>
    public decimal? Percentage { get; init; }
    public IReadOnlyList<int>? Rings { get; init; }
    public IReadOnlyList<string>? Hosts { get; init; }
    public IReadOnlyList<string>? Tenants { get; init; }
    public IReadOnlyList<string>? Prerequisites { get; init; }
    public IReadOnlyList<FlagGuardrail>? Guardrails { get; init; }

    /// <summary>Empty takes the owner away.</summary>
    public string? Owner { get; init; }

    /// <summary>Such as <c>2026-12-31</c>; empty takes it away.</summary>
    public string? Expires { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Fault> Faults()
    {
        var faults = new List<Fault>();
        if (Percentage is < 0 or > 100) faults.Add(new("percentage", Percentage.Value.ToString(CultureInfo.InvariantCulture), "0 to 100"));
        if (Expires is { Length: > 0 } text && !Day(text, out _)) faults.Add(new("expires", text.Length > 20 ? text[..20] + "…" : text, "a day such as 2026-12-31"));
        foreach (var (field, names) in (ReadOnlySpan<(string, IReadOnlyList<string>?)>)[("hosts", Hosts), ("tenants", Tenants), ("prerequisites", Prerequisites)])
        {
            if (names?.Count > MaxNames) faults.Add(new(field, $"{names.Count} names", $"at most {MaxNames}"));
            if (names?.Any(n => string.IsNullOrWhiteSpace(n) || n.Length > 255 || n.Any(char.IsControl)) == true) faults.Add(new(field, "", "names of 1 to 255 characters"));
        }
        if (Rings?.Count > MaxNames) faults.Add(new("rings", $"{Rings.Count} rings", $"at most {MaxNames}"));
        foreach (var guardrail in Guardrails ?? [])
        {
            if (GuardrailSignals.Check(guardrail?.Signal, guardrail?.Min, guardrail?.Max) is not var (fault, mend)) continue;
            faults.Add(GuardrailSignals.Names.Contains(guardrail?.Signal) ? new("guardrails", guardrail!.Signal, mend) : new("guardrails.signal", guardrail?.Signal ?? "", mend));
        }
        foreach (var (field, words) in (ReadOnlySpan<(string, string?)>)[("description", Description), ("owner", Owner)])
        {
            if (words?.Length > MaxText || words?.Any(c => char.IsControl(c) && c != '\n') == true) faults.Add(new(field, words[..Math.Min(40, words.Length)] + "…", $"at most {MaxText} characters of text"));
        }
        return faults;
    }

    /// <summary>The flag with these fields; <see cref="Faults"/> found none.</summary>
    public Flag On(Flag flag) => flag with
    {
        Enabled = Enabled ?? flag.Enabled, Description = Description?.Trim() ?? flag.Description, Strategy = Strategy ?? flag.Strategy, Percentage = Percentage ?? flag.Percentage,
        Rings = Rings ?? flag.Rings, Hosts = Hosts ?? flag.Hosts, Tenants = Tenants ?? flag.Tenants, Prerequisites = Prerequisites ?? flag.Prerequisites, Guardrails = Guardrails ?? flag.Guardrails,
        Owner = Owner is null ? flag.Owner : Owner.Trim() is { Length: > 0 } owner ? owner : null,
        Expires = Expires is null ? flag.Expires : Day(Expires, out var day) ? day : null,
    };

    static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
