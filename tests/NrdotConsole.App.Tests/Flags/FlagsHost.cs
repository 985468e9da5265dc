using NrdotConsole.App.Platform.Rings;
using System.Net.Http.Json;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Auth;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Tests.Flags;

/// <summary>A console with four hosts in known rings and flags of every kind.</summary>
internal sealed class FlagsHost : IDisposable
{
    public const string Yaml =
        """
        features:
          everywhere: { enabled: true, rollout: { strategy: all } }
          disabled: { enabled: false, rollout: { strategy: all } }
          half: { enabled: true, rollout: { strategy: percentage, percentage: 50 } }
          canary: { enabled: true, rollout: { strategy: canary, hosts: [web-1] } }
          experimental: { enabled: true, rollout: { strategy: ring, rings: [4] } }
          needs_disabled: { enabled: true, prerequisites: [disabled], rollout: { strategy: all } }

        """;

    public static readonly HostIdentity[] Hosts = [new("prod", "i-1", "web-1", "linux"), new("prod", "i-2", "web-2", "linux"), new("lab", "i-1", "bench", "linux"), new("lab", "i-3", "bench-3", "linux")];


    public FlagsHost(params (string, string)[] settings)
    {
        Console = ConsoleHost.WithAdmin(settings);
        Api = Console.Program();
    }

    public ConsoleHost Console { get; }
    public HttpClient Api { get; }
    public ConfigRepository Repository => Console.Get<ConfigRepository>();

    public async Task<FlagsHost> WithFlagsAsync(string yaml = Yaml)
    {
        Commit(yaml);
        var rings = Console.Get<RingAssignments>();
        await rings.SeeAsync(Console.Get<DesiredStates>().Current.Rings, Hosts);
        return this;
    }

    public void Commit(string yaml) => Assert.NotNull(Repository.Commit("main", Repository.Head, new Dictionary<string, string?> { [FlagEdit.File] = yaml }, new("ann", "ann@console"), "Flags"));

    public async Task<HttpClient> TokenAsync(IReadOnlySet<string>? tenants, params string[] scopes)
    {
        var (secret, fault) = await Console.Get<ApiTokenStore>().CreateAsync(new("admin", ActorKind.User), 1, $"token {Guid.NewGuid():n}", scopes, tenants, null);
        Assert.Null(fault);
        return Console.Program(secret!);
    }

    public static Task<HttpResponseMessage> AskAsync(HttpClient client, string? key, object context, string? ifNoneMatch = null) => SendAsync(client, key, JsonContent.Create(new { context }), ifNoneMatch);

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, string? key, HttpContent body, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "ofrep/v1/evaluate/flags" + (key is null ? "" : "/" + key)) { Content = body };
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await client.SendAsync(request);
    }

    public void Dispose()
    {
        Api.Dispose();
        Console.Dispose();
    }
}
