namespace NrdotConsole.App.Platform;

/// <summary>All that one capability plugs into the console. Program.cs lists every module explicitly.</summary>
internal abstract class Module
{
    public virtual void AddServices(WebApplicationBuilder builder) { }

    /// <summary>Routes of the console's port. Each names its permission: the approved list in tests holds them.</summary>
    public virtual void MapEndpoints(WebApplication app) { }

    public virtual IReadOnlyList<NavItem> Navigation => [];

    /// <summary>Components that stand on every page.</summary>
    public virtual IReadOnlyList<FramePart> Frame => [];
}

public enum FramePlace { Bar, AbovePage }

/// <summary>A component without parameters that stands on every page: in the bar at the top, or above the page's own content.</summary>
internal sealed record FramePart(FramePlace Place, Type Component, string Permission);

/// <summary>A link in the side navigation and the command palette. <paramref name="Order"/> sorts; <paramref name="Permission"/> hides it from who may not open it.</summary>
internal sealed record NavItem(string Title, string Href, string Icon, string Group, int Order, string Permission);
