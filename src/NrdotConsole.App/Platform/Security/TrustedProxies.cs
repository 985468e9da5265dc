using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace NrdotConsole.App.Platform.Security;

/// <summary>
/// Behind a proxy, the client's address and scheme come from X-Forwarded-For and -Proto, but only from proxies named in
/// <c>Console:TrustedProxies</c> (addresses or networks, separated by commas). Without the setting the headers are ignored:
/// anybody could write them, and pass the sign-in's limit by address.
/// </summary>
internal static class TrustedProxies
{
    const string Setting = "Console:TrustedProxies";

    /// <exception cref="StartException">An entry is neither an address nor a network.</exception>
    public static void Add(WebApplicationBuilder builder)
    {
        var networks = Read(builder.Configuration).Select(Parse).ToList();
        builder.Services.Configure<ForwardedHeadersOptions>(x =>
        {
            x.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            x.KnownProxies.Clear();
            x.KnownIPNetworks.Clear();
            foreach (var network in networks) x.KnownIPNetworks.Add(network);
        });
    }

    public static void UseTrustedProxies(this WebApplication app)
    {
        if (Read(app.Configuration).Length > 0) app.UseForwardedHeaders();
    }

    static string[] Read(IConfiguration configuration) =>
        (configuration[Setting] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static System.Net.IPNetwork Parse(string text)
    {
        if (System.Net.IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new(address, address.GetAddressBytes().Length * 8);
        throw new StartException(Setting, $"'{text}' is neither an address nor a network.", "Write for example 10.0.0.0/8, 192.168.1.7.");
    }
}
