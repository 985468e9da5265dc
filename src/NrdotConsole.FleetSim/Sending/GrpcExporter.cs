using Grpc.Core;
using Grpc.Net.Client;

namespace NrdotConsole.FleetSim.Sending;

/// <summary>OTLP over gRPC: MetricsService/Export with the bytes as they are. The channel is shared and not disposed here.</summary>
public sealed class GrpcExporter(GrpcChannel channel, string? token, bool gzip) : IExporter
{
    static readonly Method<Request, byte[]> Export = new(
        MethodType.Unary, "opentelemetry.proto.collector.metrics.v1.MetricsService", "Export",
        Marshallers.Create<Request>(
            (request, context) =>
            {
                var bytes = request.Bytes;
                context.SetPayloadLength(bytes.Length);
                var buffer = context.GetBufferWriter();
                bytes.Span.CopyTo(buffer.GetSpan(bytes.Length));
                buffer.Advance(bytes.Length);
                context.Complete();
            },
            context => new(context.PayloadAsNewBuffer())),
        Marshallers.Create<byte[]>((_, _) => throw new NotSupportedException(), context => context.PayloadAsNewBuffer()));

    sealed record Request(ReadOnlyMemory<byte> Bytes);

    readonly CallInvoker _invoker = channel.CreateCallInvoker();

    public async Task<ExportResult> ExportAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        try
        {
            using var call = _invoker.AsyncUnaryCall(Export, null, new CallOptions(Headers(), cancellationToken: cancel), new Request(request));
            var (rejected, why) = PartialSuccess.Read(await call.ResponseAsync);
            return new(ExportOutcome.Accepted, rejected, Message: why);
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return new(MayRetry(e.StatusCode) ? ExportOutcome.Retry : ExportOutcome.Refused, Message: $"{e.StatusCode}: {e.Status.Detail}");
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    public void Dispose()
    {
    }

    Metadata Headers()
    {
        var headers = new Metadata();
        if (token is not null) headers.Add("authorization", "Bearer " + token);
        // Names the channel's request compression; the library keeps this header to itself.
        if (gzip) headers.Add("grpc-internal-encoding-request", "gzip");
        return headers;
    }

    // The OTLP specification's retryable codes.
    static bool MayRetry(StatusCode code) => code is StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Aborted
        or StatusCode.OutOfRange or StatusCode.Unavailable or StatusCode.DataLoss or StatusCode.ResourceExhausted;
}
