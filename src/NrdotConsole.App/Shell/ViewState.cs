using Microsoft.AspNetCore.WebUtilities;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Shell;

/// <summary>
/// What every page is looking at: tenant, host and time range. The URL holds it
/// (<c>?tenant=&amp;host=&amp;range=</c>), so a link shares the view and the browser's back button undoes a filter.
/// </summary>
public sealed record ViewState(string? Tenant, string? Host, TimeRange Range)
{
    public static readonly ViewState Default = new(null, null, TimeRange.Default);

    /// <summary>A host without a tenant names nothing: keys are unique within a tenant only.</summary>
    public SignalScope Scope => Tenant is null ? SignalScope.Fleet : new(Tenant, Host);

    public static ViewState Parse(string uri)
    {
        var at = uri.IndexOf('?', StringComparison.Ordinal);
        if (at < 0) return Default;
        var hash = uri.IndexOf('#', at);
        var query = QueryHelpers.ParseQuery(hash < 0 ? uri[at..] : uri[at..hash]);
        var tenant = Value("tenant");
        return new(tenant, tenant is null ? null : Value("host"), TimeRange.Parse(Value("range")));

        string? Value(string key) => query.TryGetValue(key, out var values) && !string.IsNullOrEmpty(values[0]) ? values[0] : null;
    }

    /// <summary>A path with this view in its query, and <paramref name="more"/> parameters; empty ones are left out.</summary>
    public string Href(string path, params ReadOnlySpan<(string Key, string? Value)> more)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var href = path;
        Add("tenant", Tenant);
        Add("host", Tenant is null ? null : Host);
        Add("range", Range == TimeRange.Default ? null : Range.Text);
        foreach (var (key, value) in more) Add(key, value);
        return href;

        void Add(string key, string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            href += $"{separator}{key}={Uri.EscapeDataString(value)}";
            separator = '&';
        }
    }

    /// <summary>A host's own page. The path names the host, so that the query need not.</summary>
    public string HostHref(string tenant, string hostKey) =>
        (this with { Tenant = null, Host = null }).Href($"/fleet/{Uri.EscapeDataString(tenant)}/{Uri.EscapeDataString(hostKey.Length == 0 ? "-" : hostKey)}");
}
