using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace NrdotConsole.App.Platform;

internal enum Listener { Console, OtlpHttp, OtlpGrpc, OpAmp }

/// <summary>Of a connection, and by it of each request: the port that it came in by.</summary>
internal sealed record ListenerFeature(Listener Listener);

/// <summary>The four ports, each a setting; 0 takes a free one. After the start the properties tell the real numbers.</summary>
internal sealed class Ports
{
    static readonly (Listener Listener, string Setting, int Default, HttpProtocols Protocols)[] All =
    [
        (Listener.Console, "Console:HttpPort", 8080, HttpProtocols.Http1),
        (Listener.OtlpHttp, "Otlp:HttpPort", 4318, HttpProtocols.Http1),
        (Listener.OtlpGrpc, "Otlp:GrpcPort", 4317, HttpProtocols.Http2),
        (Listener.OpAmp, "OpAmp:Port", 4320, HttpProtocols.Http1),
    ];

    readonly Dictionary<Listener, int> _wanted = [];
    readonly Dictionary<Listener, ListenOptions> _listening = [];

    public int Console => PortOf(Listener.Console);
    public int OtlpHttp => PortOf(Listener.OtlpHttp);
    public int OtlpGrpc => PortOf(Listener.OtlpGrpc);
    public int OpAmp => PortOf(Listener.OpAmp);

    /// <exception cref="StartException">A setting is no port, two name the same one, or it cannot be taken.</exception>
    public static void Configure(WebApplicationBuilder builder)
    {
        var ports = new Ports();
        foreach (var (listener, setting, byDefault, _) in All)
        {
            var text = builder.Configuration[setting];
            if (!int.TryParse(text ?? byDefault.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
                throw new StartException(setting, $"'{text}' is no port.", "Give a number from 0 to 65535; 0 takes a free port.");
            if (port != 0 && ports._wanted.FirstOrDefault(w => w.Value == port) is { Value: > 0 } other)
                throw new StartException(setting, $"Port {port} is also {SettingOf(other.Key)}.", "Give each a port of its own.");
            if (port != 0) Probe(setting, port);
            ports._wanted[listener] = port;
        }
        // Whatever ASPNETCORE_URLS or an image's ASPNETCORE_HTTP_PORTS say: these settings decide.
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "").UseSetting(WebHostDefaults.HttpPortsKey, "").UseSetting(WebHostDefaults.HttpsPortsKey, "");
        builder.WebHost.ConfigureKestrel(ports.Listen);
        builder.Services.AddSingleton(ports);
    }

    void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        foreach (var (listener, _, _, protocols) in All)
        {
            kestrel.ListenAnyIP(_wanted[listener], listen =>
            {
                listen.Protocols = protocols;
                var feature = new ListenerFeature(listener);
                listen.Use(next => connection =>
                {
                    connection.Features.Set(feature);
                    return next(connection);
                });
                _listening[listener] = listen;
            });
        }
    }

    /// <summary>Tries the port before anything is built: Kestrel would fail late, in many lines, and name no setting.</summary>
    static void Probe(string setting, int port)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            socket.Listen();
        }
        catch (SocketException fault)
        {
            throw new StartException(setting, $"Port {port} cannot be taken ({fault.Message}).", $"Stop what listens there, or choose another port by {setting}.", fault);
        }
    }

    int PortOf(Listener listener) => _listening.TryGetValue(listener, out var options) && options.IPEndPoint is { } bound ? bound.Port : _wanted[listener];

    static string SettingOf(Listener listener) => All.First(a => a.Listener == listener).Setting;
}
