using System.Text.RegularExpressions;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>Every component that is defined is one that a current distribution has.</summary>
static partial class ComponentCheck
{
    public static void Check(YamlMap config, Findings findings)
    {
        foreach (var section in KnownComponents.Sections)
        {
            var node = config.Find(section);
            if (node is null or YamlScalar { Kind: YamlKind.Null }) continue;
            if (node is not YamlMap components)
            {
                findings.Error(node.Line, section, $"{section} is no map.", "Write each component as 'type:' or 'type/name:' with its settings beneath.");
                continue;
            }
            foreach (var entry in components.Entries) Check(section, entry, findings);
        }
    }

    static void Check(string section, YamlEntry entry, Findings findings)
    {
        var path = $"{section}.{entry.Key}";
        if (!Id().IsMatch(entry.Key))
        {
            findings.Error(entry.Line, path, $"'{entry.Key}' is no component's id.", "An id is a type, or a type, a slash and a name without spaces: filter/processes.");
            return;
        }
        var type = ComponentId.TypeOf(entry.Key);
        if (KnownComponents.IsKnown(section, type)) return;
        var elsewhere = KnownComponents.Sections.FirstOrDefault(s => s != section && KnownComponents.IsKnown(s, type));
        var mend = KnownComponents.MendOf(section, type)
            ?? (elsewhere is null ? null : $"It is one of the {elsewhere}: move it there.")
            ?? (KnownComponents.Nearest(section, type) is { } near ? $"Did you mean '{near}'?" : $"Use one of the {section} of NRDOT or of OpenTelemetry's contrib distribution.");
        findings.Error(entry.Line, path, $"No current collector has '{type}' among its {section}.", mend);
    }

    [GeneratedRegex(@"\A[a-zA-Z][0-9a-zA-Z_]{0,62}(?:/[^\s/][^\s]*)?\z")]
    private static partial Regex Id();
}
