using Microsoft.AspNetCore.Http.HttpResults;
using NrdotConsole.App.Platform.Auth.Pages;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Pages without a circuit. No cache keeps them: antiforgery sees to that for the forms.</summary>
internal static class PlainPages
{
    public static IResult SignIn(AuthSettings settings, string returnUrl, string? name = null, string? fault = null, string? notice = null, int status = StatusCodes.Status200OK) =>
        Render<SignInPage>(status, new() { ["ReturnUrl"] = returnUrl, ["Name"] = name, ["Fault"] = fault, ["Notice"] = notice, ["Provider"] = settings.Oidc?.DisplayName });

    public static IResult NewPassword(string action, string userName, bool askCurrent, string? fault = null) =>
        Render<NewPasswordPage>(fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
            new() { ["Action"] = action, ["UserName"] = userName, ["AskCurrent"] = askCurrent, ["Fault"] = fault });

    public static IResult Message(HttpContext context, int status, string title, string text, string href = "/", string link = "To the overview")
    {
        context.Response.Headers.CacheControl = "no-store";
        return Render<MessagePage>(status, new() { ["Title"] = title, ["Text"] = text, ["Href"] = href, ["Link"] = link });
    }

    public static Task ForbiddenAsync(HttpContext context) =>
        Message(context, StatusCodes.Status403Forbidden, "Not for your account", "Your role does not include this page. An admin can change that under People, Users.").ExecuteAsync(context);

    static RazorComponentResult<T> Render<T>(int status, Dictionary<string, object?> parameters) where T : Microsoft.AspNetCore.Components.IComponent =>
        new(parameters) { StatusCode = status, PreventStreamingRendering = true };
}
