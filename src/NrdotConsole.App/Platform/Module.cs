namespace NrdotConsole.App.Platform;

/// <summary>All that one capability plugs into the console. Program.cs lists every module explicitly.</summary>
internal abstract class Module
{
    public virtual void AddServices(WebApplicationBuilder builder) { }

    /// <summary>Routes of the console's port. Each names its permission: the approved list in tests holds them.</summary>
    public virtual void MapEndpoints(WebApplication app) { }

    public virtual IReadOnlyList<NavItem> Navigation => [];

    /// <summary>Components that stand on every page, or at places that another capability leaves open.</summary>
    public virtual IReadOnlyList<FramePart> Frame => [];
}

public enum FramePlace
{
    /// <summary>In the bar at the top of every page; without parameters.</summary>
    Bar,

    /// <summary>Above every page's own content; without parameters.</summary>
    AbovePage,

    /// <summary>Among the actions of an agent that runs something else than it was assigned; its parameter <c>Uid</c> is the agent's instance_uid.</summary>
    Drift,

    /// <summary>On a started Change's page, above what it edits; its parameter <c>Id</c> is the Change's number.</summary>
    Change,
}

/// <summary>A component at a place that is not its module's own.</summary>
internal sealed record FramePart(FramePlace Place, Type Component, string Permission);

/// <summary>A link in the side navigation and the command palette. <paramref name="Order"/> sorts; <paramref name="Permission"/> hides it from who may not open it.</summary>
internal sealed record NavItem(string Title, string Href, string Icon, string Group, int Order, string Permission);
