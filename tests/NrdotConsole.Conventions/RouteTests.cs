using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace NrdotConsole.Conventions;

/// <summary>Every route of the console's port and who may use it. A new line is a decision: edit approved/routes.txt.</summary>
public sealed class RouteTests
{
    [Fact]
    public void Routes_and_their_permissions_are_the_approved_ones()
    {
        var data = Directory.CreateTempSubdirectory("nrdot-routes-");
        try
        {
            using var host = new Host(data.FullName);
            var endpoints = host.Services.GetServices<EndpointDataSource>().SelectMany(x => x.Endpoints).OfType<RouteEndpoint>();
            Approved.Matches("routes.txt", endpoints.Where(x => !IsFile(x)).Select(Line).Distinct().Order(StringComparer.Ordinal));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Bundled scripts, styles, fonts and images: their names carry hashes, they are open to all.</summary>
    static bool IsFile(RouteEndpoint endpoint) => endpoint.Metadata.Any(x => x.GetType().Name is "StaticAssetDescriptor");

    static string Line(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } m ? string.Join(',', m.Order()) : "*";
        return $"{methods} /{endpoint.RoutePattern.RawText?.TrimStart('/')} {Access(endpoint)}";
    }

    static string Access(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) return "open";
        var rules = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()
            .Select(x => x.Policy ?? (x.AuthenticationSchemes is { } scheme ? $"signed-in:{scheme}" : null)).OfType<string>().Distinct().ToList();
        return rules.Count == 0 ? "signed-in" : string.Join('+', rules);
    }

    sealed class Host(string data) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("Console:DataDirectory", data);
    }
}
