using System.Security.Cryptography;
using System.Text;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Renders a complete collector configuration: the same input gives the same bytes, and equal bytes have one hash.
/// The text names no host: <c>${env:HOST_ID}</c> stands for it.
/// </summary>
public static class CollectorConfigRenderer
{
    const string Header = "# Rendered by NRDOT Console from the desired state: change it there, not here.\n";

    public static CollectorConfig Render(RenderInput input)
    {
        var (document, gaps) = Fit(input);
        var yaml = Header + YamlWriter.Write(document);
        return new(yaml, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml)))) { Gaps = gaps };
    }

    /// <summary>The configuration as a tree, as <see cref="ConfigCheck"/> and <see cref="PipelineSimulation"/> read it.</summary>
    public static YamlMap Document(RenderInput input) => Fit(input).Document;

    static (YamlMap Document, IReadOnlyList<string> Gaps) Fit(RenderInput input)
    {
        var document = ConfigDocument.Build(input);
        if (input.Components is not { } components) return (document, []);
        var (fitted, gaps) = ComponentFit.Fit(document, components);
        return (fitted, TenantRouting.IsMissed(input) ? [.. gaps, "The collector has no routing connector: tenants' namespaces are not told apart."] : gaps);
    }
}
