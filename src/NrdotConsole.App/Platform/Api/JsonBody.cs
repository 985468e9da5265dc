using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace NrdotConsole.App.Platform.Api;

/// <summary>A request's JSON body, with the field at fault where it does not fit.</summary>
internal static class JsonBody
{
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>An absent body reads as <c>{}</c>, so that a command without fields needs none.</summary>
    public static async Task<(T? Value, Fault? Fault)> ReadAsync<T>(HttpRequest request, CancellationToken ct) where T : class
    {
        var options = request.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (text.Length + read > MaxBytes) return (null, new("body", $"over {MaxBytes} bytes", $"at most {MaxBytes / (1024 * 1024)} MiB"));
            text.Write(buffer, 0, read);
        }
        try
        {
            var bytes = text.Length == 0 ? "{}"u8 : text.GetBuffer().AsSpan(0, (int)text.Length);
            return JsonSerializer.Deserialize<T>(bytes, options) is { } value ? (value, null) : (null, new("body", "null", "a JSON object"));
        }
        catch (JsonException fault)
        {
            var path = fault.Path is { Length: > 2 } named ? named[2..] : "body";
            return (null, new(path, $"line {(fault.LineNumber ?? 0) + 1}", $"JSON of the documented shape, see {ApiModule.DocumentPath}"));
        }
    }
}
