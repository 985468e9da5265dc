using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Whole pages before a board that a test fills, for somebody who may read telemetry and cost.</summary>
public abstract class PageTest : BunitContext
{
    protected static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly Stack<IDisposable> _owned = [];

    protected PageTest()
    {
        Board = new(Time);
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton(Board);
        Services.AddSingleton(new LiveFeed(new Pulse(Time, NullLogger<Pulse>.Instance)));
        JSInterop.Mode = JSRuntimeMode.Loose;
        User = AddAuthorization();
        User.SetAuthorized("ann");
        User.SetClaims(new Claim(Principals.AllowedTenantsJson, "*"));
        User.SetPolicies(Permissions.TelemetryRead, Permissions.CostRead);
    }

    /// <summary>Pages live on a circuit. The last line of each constructor: no service can be added after it.</summary>
    protected void OnCircuit() => SetRendererInfo(new("Server", true));

    /// <summary>From now on the viewer sees all tenants and may do this and nothing else.</summary>
    protected void As(params string[] permissions)
    {
        User.SetClaims([new(Principals.AllowedTenantsJson, "*"), .. permissions.Select(p => new Claim(Principals.Permission, p))]);
        User.SetPolicies(permissions);
    }

    protected FakeTimeProvider Time { get; } = new(At);
    internal SignalBoard Board { get; }
    protected BunitAuthorizationContext User { get; }

    /// <summary>A page once nothing in it waits for its first figures.</summary>
    protected IRenderedComponent<T> Settled<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null) where T : IComponent
    {
        var page = Render<T>(p => parameters?.Invoke(p));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(Waiting)));
        return page;
    }

    protected static void Says(IRenderedComponent<IComponent> page, string text) => Assert.Contains(text, page.Markup, StringComparison.Ordinal);

    /// <summary>What a test's pages stand on: it ends after them.</summary>
    protected T Owns<T>(T thing) where T : IDisposable
    {
        _owned.Push(thing);
        return thing;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        while (_owned.TryPop(out var thing)) thing.Dispose();
    }

    protected static string Waiting => "[role=status][aria-label^=Waiting]";
}
