using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Platform.Security;

/// <summary>A fault of ours shows neither trace nor text of it: programs get a problem, people a page. The log has it.</summary>
internal static class FaultPages
{
    public static void UseFaultPages(this WebApplication app)
    {
        app.UseExceptionHandler(x => x.Run(context => context.Request.IsForPrograms()
            ? context.WriteProblemAsync(StatusCodes.Status500InternalServerError, "The console failed at this request.", "It is in the console's log.")
            : PlainPages.Message(context, StatusCodes.Status500InternalServerError, "Something went wrong here", "The console failed at this page; its log has the cause. The rest goes on.").ExecuteAsync(context)));
        app.UseWhen(x => x.Request.IsForPrograms(), x => x.UseStatusCodePages(page => Results.Problem(statusCode: page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext)));
        app.UseWhen(x => !x.Request.IsForPrograms(), x => x.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
    }
}
