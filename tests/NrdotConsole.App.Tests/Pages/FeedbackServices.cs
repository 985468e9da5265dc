using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>What pages need that show verdicts with people's labels.</summary>
internal static class FeedbackServices
{
    public static void AddFeedback(this IServiceCollection services, ConsoleDatabase database)
    {
        services.AddSingleton(database);
        services.AddSingleton<AuditLog>();
        services.AddSingleton<VerdictStore>();
        services.AddSingleton<FeedbackNews>();
        services.AddSingleton<LabelStore>();
        services.AddSingleton<MissedStore>();
        services.AddSingleton<FeedbackStore>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ApiTokenStore>();
        services.AddSingleton<AccessCheck>();
        services.AddMudServices();
    }
}
