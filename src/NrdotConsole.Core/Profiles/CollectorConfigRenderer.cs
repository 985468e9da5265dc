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
    public static CollectorConfig Render(RenderInput input)
    {
        var yaml = YamlWriter.Write(ConfigDocument.Build(input));
        return new(yaml, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml))));
    }
}
