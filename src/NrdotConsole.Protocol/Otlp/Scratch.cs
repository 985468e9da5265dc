namespace NrdotConsole.Protocol.Otlp;

/// <summary>A list of numbers whose memory is used again for the next point.</summary>
sealed class Scratch<T> where T : unmanaged
{
    T[] _values = [];
    int _count;

    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    public void Clear() => _count = 0;

    /// <summary>False at <see cref="OtlpReader.MaxNumbersPerPoint"/>.</summary>
    public bool TryAdd(T value)
    {
        if (_count == _values.Length)
        {
            if (_count == OtlpReader.MaxNumbersPerPoint) return false;
            Array.Resize(ref _values, Math.Clamp(2 * _count, 32, OtlpReader.MaxNumbersPerPoint));
        }
        _values[_count++] = value;
        return true;
    }
}
