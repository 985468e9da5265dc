using System.Buffers;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>Bytes of one request in memory of the shared pool. It grows as bytes arrive, not as a sender announces them, up to a limit and within the budget.</summary>
internal sealed class RequestBuffer(int limit, IngestBudget budget) : IDisposable
{
    const int FirstRent = 16 * 1024;

    byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>Why the last <see cref="TryGrow"/> failed: the request's own size, or all requests' together.</summary>
    public OtlpStatus Fault { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Bytes that may still come.</summary>
    public int Room => limit - Length;

    /// <summary>Free room; call <see cref="TryGrow"/> first.</summary>
    public Span<byte> Free => _bytes.AsSpan(Length);

    public void Advance(int count) => Length += count;

    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length && !TryGrow(bytes.Length)) return false;
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        return true;
    }

    /// <summary>Makes room for <paramref name="more"/> bytes. The limit is checked on what is written, so the room may reach beyond it.</summary>
    public bool TryGrow(int more)
    {
        if ((long)Length + more > limit) return Refuse(OtlpStatus.TooLarge);
        if (_bytes.Length - Length >= more) return true;
        var wanted = Math.Max(Length + more, Math.Max(FirstRent, (int)Math.Min(2L * _bytes.Length, limit)));
        var grown = ArrayPool<byte>.Shared.Rent(wanted);
        if (!budget.TryTake(grown.Length))
        {
            ArrayPool<byte>.Shared.Return(grown);
            return Refuse(OtlpStatus.Busy);
        }
        _bytes.AsSpan(0, Length).CopyTo(grown);
        Release();
        _bytes = grown;
        return true;
    }

    bool Refuse(OtlpStatus fault)
    {
        Fault = fault;
        return false;
    }

    void Release()
    {
        if (_bytes.Length == 0) return;
        budget.Give(_bytes.Length);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    public void Dispose()
    {
        Release();
        Length = 0;
    }
}
