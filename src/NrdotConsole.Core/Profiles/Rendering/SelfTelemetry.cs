using System.Globalization;
using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// The collector's own metrics, sent straight to the console. Profile and ring stand here and on no data point: there they would
/// mint every series anew when they change. <c>host.id</c> joins them to the host: stock self-telemetry names no host.
/// </summary>
static class SelfTelemetry
{
    public static YamlMap Of(RenderInput input) => YamlMap.Of(
        ("resource", YamlMap.Of(
            ("service.name", "nrdot-collector"),
            ("host.id", "${env:HOST_ID}"),
            ("host.name", "${env:HOSTNAME}"),
            ("nrdot.profile", input.Profile.Name),
            ("nrdot.ring", input.Ring.ToString(CultureInfo.InvariantCulture)))),
        ("metrics", YamlMap.Of(
            ("level", "detailed"),
            ("readers", new YamlList([YamlMap.Of(("periodic", YamlMap.Of(
                ("interval", 60_000),
                ("exporter", YamlMap.Of(("otlp", YamlMap.Of(
                    ("protocol", "http/protobuf"),
                    ("endpoint", input.Endpoints.ConsoleOtlp.TrimEnd('/')),
                    ("headers", new YamlList([YamlMap.Of(("name", "api-key"), ("value", input.Endpoints.ConsoleToken))])))))))))])))));
}
