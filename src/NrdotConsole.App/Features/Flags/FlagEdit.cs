using System.Globalization;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Features.Flags;

/// <summary>Writes a flag into the text of <c>feature-flags.yaml</c>: what differs, where it stands; comments and everything else stay.</summary>
internal static class FlagEdit
{
    public const string File = "feature-flags.yaml";

    /// <param name="before">As the text has it; null adds it.</param>
    /// <exception cref="FormatException">The text is no YAML, or its features are no map.</exception>
    public static string Apply(string text, Flag? before, Flag after)
    {
        if (before is null) text = ConfigEdit.Set(text, ["features", after.Key], YamlMap.Of(("enabled", after.Enabled)));
        before ??= new Flag { Key = after.Key, Enabled = after.Enabled };
        if (before.Enabled != after.Enabled) Set("enabled", after.Enabled);
        if (before.Description != after.Description) Put(["description"], after.Description.Length == 0 ? null : (YamlNode)after.Description);
        // A rollout names its strategy: one that begins with a list had none to name.
        if (before.Strategy != after.Strategy || (before.Strategy == FlagStrategy.All && Narrows(after) && !Narrows(before))) Put(["rollout", "strategy"], after.Strategy.ToString().ToLowerInvariant());
        if (Percentage(before) is var old && Percentage(after) is var now && old != now) Put(["rollout", "percentage"], now is { } percentage ? Number(percentage) : null);
        if (!before.Rings.SequenceEqual(after.Rings)) Put(["rollout", "rings"], List(after.Rings.Select(r => (YamlNode)r)));
        if (!before.Hosts.SequenceEqual(after.Hosts)) Put(["rollout", "hosts"], List(after.Hosts.Select(h => (YamlNode)h)));
        if (!before.Tenants.SequenceEqual(after.Tenants)) Put(["rollout", "tenants"], List(after.Tenants.Select(t => (YamlNode)t)));
        if (!before.Prerequisites.SequenceEqual(after.Prerequisites)) Put(["prerequisites"], List(after.Prerequisites.Select(p => (YamlNode)p)));
        if (!before.Guardrails.SequenceEqual(after.Guardrails)) Put(["guardrails"], List(after.Guardrails.Select(Guardrail)));
        if (before.Owner != after.Owner) Put(["owner"], after.Owner is { } owner ? (YamlNode)owner : null);
        if (before.Expires != after.Expires) Put(["expires"], after.Expires is { } day ? (YamlNode)day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
        return text;

        void Set(string field, YamlNode value) => text = ConfigEdit.Set(text, ["features", after.Key, field], value);

        void Put(string[] path, YamlNode? value)
        {
            string[] full = ["features", after.Key, .. path];
            text = value is null ? ConfigEdit.Remove(text, full) : ConfigEdit.Set(text, full, value);
        }
    }

    public static string Remove(string text, string key) => ConfigEdit.Remove(text, ["features", key]);

    static bool Narrows(Flag flag) => flag.Rings.Count + flag.Hosts.Count + flag.Tenants.Count > 0;

    /// <summary>Only its strategy looks at it.</summary>
    static decimal? Percentage(Flag flag) => flag.Strategy == FlagStrategy.Percentage ? flag.Percentage : null;

    static YamlList? List(IEnumerable<YamlNode> items) => items.ToList() is { Count: > 0 } list ? new(list) : null;

    static YamlMap Guardrail(FlagGuardrail guardrail)
    {
        List<(string, YamlNode)> fields = [("signal", guardrail.Signal)];
        if (guardrail.Min is { } min) fields.Add(("min", Number((decimal)min)));
        if (guardrail.Max is { } max) fields.Add(("max", Number((decimal)max)));
        return YamlMap.Of(fields);
    }

    static YamlScalar Number(decimal number) => new(number.ToString("0.############", CultureInfo.InvariantCulture), YamlKind.Number);
}
