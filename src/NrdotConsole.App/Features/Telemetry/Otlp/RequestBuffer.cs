using System.Buffers;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>Bytes of one request in memory of the shared pool. It grows as bytes arrive, not as a sender announces them, up to a limit and within the budget.</summary>
internal sealed class RequestBuffer(int limit, IngestBudget budget) : IDisposable
{
    const int FirstRent = 16 * 1024;

    byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>Why the last call failed: the request's own size, or all requests' together.</summary>
    public OtlpStatus Fault { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Room to write into; call <see cref="TryMakeRoom"/> first.</summary>
    public Span<byte> Free => _bytes.AsSpan(Length);

    /// <summary>Says that <paramref name="count"/> bytes of <see cref="Free"/> are written. False beyond the limit.</summary>
    public bool TryAdvance(int count)
    {
        Length += count;
        return Length <= limit || Refuse(OtlpStatus.TooLarge);
    }

    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit - Length) return Refuse(OtlpStatus.TooLarge);
        if (!TryMakeRoom(bytes.Length)) return false;
        bytes.CopyTo(Free);
        return TryAdvance(bytes.Length);
    }

    /// <summary>Makes room for <paramref name="wanted"/> bytes, or for as many as may come and one more: so that what is too much is seen to be.</summary>
    public bool TryMakeRoom(int wanted)
    {
        var needed = (int)Math.Min((long)Length + wanted, limit + 1L);
        if (_bytes.Length >= needed) return true;
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(Math.Max(FirstRent, 2L * _bytes.Length), limit + 1L)));
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
