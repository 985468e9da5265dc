using Microsoft.AspNetCore.Antiforgery;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Takes a form only from our own page; one that was open too long gets a word instead of a bare 400.</summary>
internal sealed class FormFilter(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(context.HttpContext)) return await next(context);
        return PlainPages.Message(context.HttpContext, StatusCodes.Status400BadRequest, "This form is out of date",
            "It was open for too long, or did not come from this console. Nothing was changed.", context.HttpContext.Request.Path, "Open it again");
    }
}
