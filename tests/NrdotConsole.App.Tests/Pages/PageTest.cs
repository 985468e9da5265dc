using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
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

    protected FakeTimeProvider Time { get; } = new(At);
    internal SignalBoard Board { get; }
    protected BunitAuthorizationContext User { get; }

    protected static string Waiting => "[role=status][aria-label^=Waiting]";
}
