namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>
/// How a request ended. The codes decide what a sender does with its batch: it drops at once on 400, 401, 413 and 415 and keeps and
/// retries on 429 and 503 (gRPC: on 14, and on 8 with a retry delay). A passing fault must therefore never be one of the former.
/// </summary>
internal enum OtlpStatus { Ok, Malformed, Unauthenticated, TooLarge, UnsupportedType, TooSlow, Busy, Unavailable }

/// <param name="Rejected">Points refused in a request that was otherwise accepted.</param>
/// <param name="Message">For <see cref="OtlpStatus.Ok"/> why points were refused, else what is wrong and how to mend it.</param>
internal readonly record struct OtlpReply(OtlpStatus Status, long Rejected = 0, string? Message = null, TimeSpan? RetryAfter = null)
{
    public static readonly OtlpReply Ok = new(OtlpStatus.Ok);

    public int HttpCode => Status switch
    {
        OtlpStatus.Ok => 200,
        OtlpStatus.Malformed => 400,
        OtlpStatus.Unauthenticated => 401,
        OtlpStatus.TooSlow => 408,
        OtlpStatus.TooLarge => 413,
        OtlpStatus.UnsupportedType => 415,
        OtlpStatus.Busy => 429,
        _ => 503,
    };

    /// <summary>The google.rpc.Code, as in <c>grpc-status</c>.</summary>
    public int GrpcCode => Status switch
    {
        OtlpStatus.Ok => 0,
        OtlpStatus.Malformed => 3,
        OtlpStatus.TooSlow => 4,
        OtlpStatus.TooLarge or OtlpStatus.Busy => 8,
        OtlpStatus.UnsupportedType => 12,
        OtlpStatus.Unauthenticated => 16,
        _ => 14,
    };
}
