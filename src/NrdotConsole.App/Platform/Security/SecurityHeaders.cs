using System.Buffers.Text;
using System.Security.Cryptography;

namespace NrdotConsole.App.Platform.Security;

/// <summary>
/// Headers of every answer of the console's port. Scripts and style sheets: our own files, or elements with this answer's nonce.
/// Style attributes are allowed: MudBlazor's components and ours write them, and they reach no further than their element.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>The two style elements that ApexCharts (held at 4.7.0) writes into a chart's picture, which take no nonce: their content, as hashes.</summary>
    const string ChartPictureStyles = "'sha256-ldKaHMrzGSSIW+xfazUQODDtk1TUwsVNvMyiVEvVHq4=' 'sha256-aSysLrDECVdJ6L+jLf8CC5QKLmwRuk/OZiZk9mYky8A='";

    static readonly object NonceKey = new();

    /// <summary>The nonce of this answer, for the few inline elements that a page has.</summary>
    public static string CspNonce(this HttpContext context) => (string)(context.Items[NonceKey] ??= Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            Write(context);
            return Task.CompletedTask;
        });
        return next(context);
    });

    static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy(context.CspNonce(), context.GetEndpoint()?.Metadata.GetMetadata<WritesStyleElements>() is not null);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    static string Policy(string nonce, bool writesStyleElements) =>
        "default-src 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        + $"script-src 'self' 'nonce-{nonce}'; style-src 'self' {(writesStyleElements ? "'unsafe-inline'" : $"'nonce-{nonce}' {ChartPictureStyles}")}; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'";
}

/// <summary>Of a route whose page writes style elements that take no nonce: they are allowed there, and only there.</summary>
internal sealed class WritesStyleElements;
