using System.Text.Json;

namespace NrdotConsole.App.Features.Flags.Ofrep;

/// <summary>
/// Whom a request asks about. <c>targetingKey</c> is a host's key or name, or any stable name of somebody else; <c>tenant</c> narrows,
/// <c>ring</c> speaks for who is no host of the fleet. Further attributes are taken and not looked at.
/// </summary>
internal sealed record OfrepContext(string TargetingKey, string? Tenant, int? Ring)
{
    public const int MaxBodyBytes = 64 * 1024;
    public const int MaxKeyLength = 255;

    /// <returns>The context, or an error code of OpenFeature with its details.</returns>
    public static async Task<(OfrepContext? Context, OfrepFault? Fault)> ReadAsync(HttpRequest request)
    {
        JsonDocument body;
        try
        {
            var bytes = new MemoryStream();
            await request.Body.CopyToLimitAsync(bytes, MaxBodyBytes, request.HttpContext.RequestAborted);
            if (bytes.Length > MaxBodyBytes) return (null, new("INVALID_CONTEXT", $"The body is larger than {MaxBodyBytes} bytes."));
            body = JsonDocument.Parse(bytes.ToArray(), new() { MaxDepth = 32 });
        }
        catch (JsonException fault)
        {
            return (null, new("PARSE_ERROR", $"The body is no JSON (line {fault.LineNumber + 1}): send {{\"context\": {{\"targetingKey\": \"…\"}}}}."));
        }
        try
        {
            return Read(body);
        }
        catch (InvalidOperationException)
        {
            // Texts are decoded when they are asked for: half a surrogate pair or broken UTF-8 shows here.
            return (null, new("PARSE_ERROR", "A text of the body is no Unicode."));
        }
        finally
        {
            body.Dispose();
        }
    }

    static (OfrepContext?, OfrepFault?) Read(JsonDocument body)
    {
        if (body.RootElement.ValueKind != JsonValueKind.Object) return (null, new("PARSE_ERROR", "The body is no JSON object: send {\"context\": {\"targetingKey\": \"…\"}}."));
        if (!body.RootElement.TryGetProperty("context", out var context) || context.ValueKind == JsonValueKind.Null) return (null, new("TARGETING_KEY_MISSING", "There is no context: it needs a targetingKey."));
        return context.ValueKind == JsonValueKind.Object ? Read(context) : (null, new("INVALID_CONTEXT", "context is no object."));
    }

    static (OfrepContext?, OfrepFault?) Read(JsonElement context)
    {
        if (!context.TryGetProperty("targetingKey", out var key) || key.ValueKind == JsonValueKind.Null || (key.ValueKind == JsonValueKind.String && key.GetString()!.Length == 0))
            return (null, new("TARGETING_KEY_MISSING", "context.targetingKey is missing: a host's id or name."));
        if (key.ValueKind != JsonValueKind.String || key.GetString()!.Length > MaxKeyLength)
            return (null, new("INVALID_CONTEXT", $"context.targetingKey is no text of at most {MaxKeyLength} characters."));
        var tenant = context.TryGetProperty("tenant", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return (new(key.GetString()!, tenant, RingOf(context)), null);
    }

    /// <summary>SDKs of some languages send every number as text, or as a fraction.</summary>
    static int? RingOf(JsonElement context) => !context.TryGetProperty("ring", out var ring) ? null : ring.ValueKind switch
    {
        JsonValueKind.Number when ring.TryGetDouble(out var number) && number == Math.Floor(number) && number is >= 0 and < 1000 => (int)number,
        JsonValueKind.String when int.TryParse(ring.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}

/// <summary>An error code as OpenFeature names them, and what is wrong in words.</summary>
internal sealed record OfrepFault(string ErrorCode, string ErrorDetails);

internal static class LimitedCopy
{
    /// <summary>Copies until the end or just past the limit.</summary>
    public static async Task CopyToLimitAsync(this Stream from, MemoryStream to, int limit, CancellationToken ct)
    {
        var buffer = new byte[4096];
        while (to.Length <= limit && await from.ReadAsync(buffer, ct) is > 0 and var read) to.Write(buffer, 0, read);
    }
}
