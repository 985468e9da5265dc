namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>Reads a request's body into a bounded buffer, within a bounded time.</summary>
internal static class BodyReader
{
    /// <returns>Ok, TooLarge, Busy, TooSlow, or Malformed for a body that ended early or broke HTTP's framing.</returns>
    public static async ValueTask<OtlpStatus> ReadAsync(HttpContext context, RequestBuffer into, TimeSpan timeLimit, TimeProvider time)
    {
        var reader = context.Request.BodyReader;
        CancellationTokenSource? limit = null;
        try
        {
            while (true)
            {
                if (!reader.TryRead(out var result))
                {
                    // Most bodies arrive with their headers and never need a clock.
                    limit ??= new(timeLimit, time);
                    result = await reader.ReadAsync(limit.Token);
                }
                var fits = true;
                foreach (var segment in result.Buffer)
                {
                    fits = into.TryAppend(segment.Span);
                    if (!fits) break;
                }
                reader.AdvanceTo(result.Buffer.End);
                if (!fits) return into.Fault;
                if (result.IsCompleted) return OtlpStatus.Ok;
            }
        }
        catch (BadHttpRequestException fault)
        {
            return fault.StatusCode == StatusCodes.Status408RequestTimeout ? OtlpStatus.TooSlow : OtlpStatus.Malformed;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return OtlpStatus.TooSlow;
        }
        finally
        {
            limit?.Dispose();
        }
    }
}
