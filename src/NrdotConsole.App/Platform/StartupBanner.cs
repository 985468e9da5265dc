using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace NrdotConsole.App.Platform;

/// <summary>What the operator must read at start, as one block on stdout once the console listens. Any part adds lines before that.</summary>
internal sealed class StartupBanner(IServer server, IConfiguration configuration)
{
    readonly List<(string Title, Func<string, string> Text)> _lines = [];

    ICollection<string> Addresses => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    /// <summary>Whether the console listens at all. A test's console in memory does not, and has nobody to tell.</summary>
    public bool Listens => Addresses.Count > 0;

    /// <summary>Where people reach the console: <c>Console:PublicUrl</c>, else what it listens on. No slash at the end.</summary>
    public string Address
    {
        get
        {
            if (configuration["Console:PublicUrl"] is { Length: > 0 } url) return url.TrimEnd('/');
            var port = configuration.GetValue("Console:HttpPort", 8080);
            var own = Addresses.FirstOrDefault(x => x.EndsWith($":{port}", StringComparison.Ordinal)) ?? Addresses.FirstOrDefault() ?? $"http://localhost:{port}";
            return own.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/');
        }
    }

    public void Add(string title, string text) => Add(title, _ => text);

    /// <param name="text">Gets the console's address, without a slash at the end.</param>
    public void Add(string title, Func<string, string> text)
    {
        lock (_lines) _lines.Add((title, text));
    }

    public string Render()
    {
        lock (_lines)
        {
            var address = Address;
            var block = new System.Text.StringBuilder("\n  NRDOT Console\n");
            foreach (var (title, text) in _lines.Prepend(("Address", x => x)))
                block.Append($"  {title}:\n      {text(address).ReplaceLineEndings("\n      ")}\n");
            return block.ToString();
        }
    }
}
