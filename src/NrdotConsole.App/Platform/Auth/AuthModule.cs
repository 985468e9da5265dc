using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Security;

namespace NrdotConsole.App.Platform.Auth;

internal sealed class AuthModule : Module
{
    const int Iterations = 210_000;

    public override void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var settings = AuthSettings.Read(builder.Configuration);
        services.AddSingleton(settings);
        services.AddSingleton<StartupBanner>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ApiTokenStore>();
        services.AddSingleton<SetupLinks>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<AccessCheck>();
        services.AddSingleton<OpenAccess>();
        services.AddHostedService(x => x.GetRequiredService<OpenAccess>());
        services.AddSingleton<Passwords>();
        services.Configure<PasswordHasherOptions>(x => x.IterationCount = Iterations);
        services.AddHostedService<Bootstrap>();

        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitAccess>();
        services.AddAntiforgery(x =>
        {
            x.HeaderName = ApiAntiforgery.HeaderName;
            x.Cookie.Name = "nrdot-antiforgery";
            x.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            x.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
        });
        services.AddDataProtection().SetApplicationName("nrdot-console");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>().Configure<DataDirectory, ILoggerFactory>((x, directory, log) =>
            x.XmlRepository = new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(new(directory.Folder("keys")), log));

        AddSchemes(services, settings);
        AddPolicies(services);
        AddRateLimit(services, settings);
    }

    static void AddSchemes(IServiceCollection services, AuthSettings settings)
    {
        services.AddSingleton<SessionCookie>();
        var authentication = services.AddAuthentication(AuthSchemes.Either)
            .AddPolicyScheme(AuthSchemes.Either, null, x => x.ForwardDefaultSelector = context => context.Request.BearerToken() is null ? AuthSchemes.Cookie : AuthSchemes.Bearer)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(AuthSchemes.Bearer, null)
            .AddCookie(AuthSchemes.Cookie, x =>
            {
                x.Cookie.Name = "nrdot-session";
                x.Cookie.HttpOnly = true;
                x.Cookie.SameSite = SameSiteMode.Lax;
                x.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                x.ExpireTimeSpan = SessionStore.Idle;
                x.SlidingExpiration = true;
                x.EventsType = typeof(SessionCookie);
            });
        if (settings.Oidc is not { } oidc) return;
        services.AddSingleton(oidc).AddSingleton<ExternalAccounts>();
        OidcSignIn.Add(authentication, oidc);
    }

    static void AddPolicies(IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var permission in Permissions.All)
            authorization.AddPolicy(permission, x => x.RequireAuthenticatedUser().RequireClaim(Principals.Permission, permission));
    }

    static void AddRateLimit(IServiceCollection services, AuthSettings settings) => services.AddRateLimiter(x =>
    {
        x.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        x.AddPolicy(SignInEndpoints.RateLimit, context => RateLimitPartition.GetFixedWindowLimiter(context.ClientAddress(),
            _ => new() { PermitLimit = settings.SignInsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        x.OnRejected = async (rejected, _) =>
        {
            var context = rejected.HttpContext;
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                context.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds):0}";
            if (context.Request.IsForPrograms()) await context.WriteProblemAsync(StatusCodes.Status429TooManyRequests, "Too many requests.", "Wait as Retry-After says.");
            else await PlainPages.Message(context, StatusCodes.Status429TooManyRequests, "Too many attempts", "This address has tried too often. Wait a minute.", "/sign-in", "Try again").ExecuteAsync(context);
        };
    });

    public override void MapEndpoints(WebApplication app)
    {
        SignInEndpoints.Map(app);
        if (app.Services.GetRequiredService<AuthSettings>().Oidc is not null) OidcSignIn.Map(app);
        app.MapGet("/api/v1/me", (HttpContext context, IAntiforgery antiforgery) => new
        {
            Name = context.User.Identity!.Name,
            Role = context.User.FindFirst(Principals.Role)?.Value,
            Permissions = context.User.FindAll(Principals.Permission).Select(x => x.Value),
            Tenants = context.User.AllowedTenants(),
            AntiforgeryToken = context.User.HasClaim(x => x.Type == Principals.SessionId) ? antiforgery.GetAndStoreTokens(context).RequestToken : null,
        }).WithTags("People").WithSummary("Who the caller is and what they may do");
    }
}
