using System.Runtime.CompilerServices;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>Single fields, each with the fault it may have.</summary>
public sealed partial class OtlpReader
{
    /// <summary>Most buckets, bounds or quantiles of one point. SDKs send at most a few hundred.</summary>
    public const int MaxNumbersPerPoint = 16_384;

    const string TooManyNumbers = "a point with more than 16384 buckets, bounds or quantiles";

    /// <summary>The attributes of one message: where they stand in the request, or, when other fields stood between them, in the scratch.</summary>
    struct AttributeRun
    {
        public int Start;
        public int Length;
        public bool InScratch;
    }

    ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> data, scoped in AttributeRun run) =>
        run.InScratch ? _scratch.AsSpan(0, run.Length) : data.Slice(run.Start, run.Length);

    /// <summary>Reads the attribute whose tag stands at <paramref name="start"/>, and those that follow it directly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Attributes(ReadOnlySpan<byte> data, ref int pos, int end, int start, uint tag, ref AttributeRun run)
    {
        while (true)
        {
            if (!Length(data, ref pos, end, out var length)) return false;
            if (!AttributeShape.IsKeyValue(data.Slice(pos, length))) return Fail(pos, "an attribute that cannot be read, or is nested too deep");
            pos += length;
            if (pos >= end || data[pos] != tag) break;
            pos++;
        }
        if (run.Length == 0) run = new() { Start = start, Length = pos - start };
        else Append(data, start, pos - start, ref run);
        return true;
    }

    void Append(ReadOnlySpan<byte> data, int start, int length, ref AttributeRun run)
    {
        var total = run.Length + length;
        if (_scratch.Length < total)
        {
            var grown = new byte[Math.Max(1024, Math.Max(total, (int)Math.Min(2L * _scratch.Length, Array.MaxLength)))];
            if (run.InScratch) _scratch.AsSpan(0, run.Length).CopyTo(grown);
            _scratch = grown;
        }
        if (!run.InScratch) data.Slice(run.Start, run.Length).CopyTo(_scratch);
        data.Slice(start, length).CopyTo(_scratch.AsSpan(run.Length));
        run = new() { Length = total, InScratch = true };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Tag(ReadOnlySpan<byte> data, ref int pos, int end, out uint tag) =>
        Wire.TryTag(data, ref pos, end, out tag) || Fail(pos, "not a field");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Length(ReadOnlySpan<byte> data, ref int pos, int end, out int length) =>
        Wire.TryLength(data, ref pos, end, out length) || Fail(pos, "a length beyond the end");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Varint(ReadOnlySpan<byte> data, ref int pos, int end, out ulong value) =>
        Wire.TryVarint(data, ref pos, end, out value) || Fail(pos, "a number that does not end");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Fixed64(ReadOnlySpan<byte> data, ref int pos, int end, out ulong value) =>
        Wire.TryFixed64(data, ref pos, end, out value) || Fail(pos, "a number cut short");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Double(ReadOnlySpan<byte> data, ref int pos, int end, out double value)
    {
        var ok = Fixed64(data, ref pos, end, out var bits);
        value = BitConverter.UInt64BitsToDouble(bits);
        return ok;
    }

    /// <summary>Steps over the run of length-delimited fields of one tag that begins at <paramref name="pos"/>, as far as they are whole and shorter than 16 kB. Says nothing of what follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Hop(ReadOnlySpan<byte> data, int pos, int end, uint tag)
    {
        data = data[..end];
        while (pos + 2 < data.Length && data[pos] == tag)
        {
            int body = pos + 2, length = data[pos + 1];
            if (length >= 0x80)
            {
                if (data[body] >= 0x80) break;
                length = (length & 0x7F) | (data[body++] << 7);
            }
            if (length > end - body) break;
            pos = body + length;
        }
        return pos;
    }

    bool Skip(ReadOnlySpan<byte> data, ref int pos, int end, uint tag) =>
        Wire.TrySkip(data, ref pos, end, tag) || Fail(pos, "a field cut short or of an unknown wire type");

    bool String(ReadOnlySpan<byte> data, ref int pos, int end, ref ReadOnlySpan<byte> value)
    {
        if (!Length(data, ref pos, end, out var length)) return false;
        value = data.Slice(pos, length);
        pos += length;
        return true;
    }

    /// <summary>sint32: zigzag.</summary>
    bool Signed32(ReadOnlySpan<byte> data, ref int pos, int end, ref int value)
    {
        if (!Varint(data, ref pos, end, out var raw)) return false;
        var bits = (uint)raw;
        value = (int)(bits >> 1) ^ -(int)(bits & 1);
        return true;
    }

    bool OneFixed64(ReadOnlySpan<byte> data, ref int pos, int end, Scratch<ulong> into) =>
        Fixed64(data, ref pos, end, out var value) && (into.TryAdd(value) || Fail(pos, TooManyNumbers));

    bool OneDouble(ReadOnlySpan<byte> data, ref int pos, int end, Scratch<double> into) =>
        Double(data, ref pos, end, out var value) && (into.TryAdd(value) || Fail(pos, TooManyNumbers));

    bool OneVarint(ReadOnlySpan<byte> data, ref int pos, int end, Scratch<ulong> into) =>
        Varint(data, ref pos, end, out var value) && (into.TryAdd(value) || Fail(pos, TooManyNumbers));

    bool PackedFixed64(ReadOnlySpan<byte> data, ref int pos, int end, Scratch<ulong> into)
    {
        if (!Length(data, ref pos, end, out var length)) return false;
        for (end = pos + length; pos < end;)
        {
            if (!OneFixed64(data, ref pos, end, into)) return false;
        }
        return true;
    }

    bool PackedDouble(ReadOnlySpan<byte> data, ref int pos, int end, Scratch<double> into)
    {
        if (!Length(data, ref pos, end, out var length)) return false;
        for (end = pos + length; pos < end;)
        {
            if (!OneDouble(data, ref pos, end, into)) return false;
        }
        return true;
    }

    bool PackedVarint(ReadOnlySpan<byte> data, ref int pos, int end, Scratch<ulong> into)
    {
        if (!Length(data, ref pos, end, out var length)) return false;
        for (end = pos + length; pos < end;)
        {
            if (!OneVarint(data, ref pos, end, into)) return false;
        }
        return true;
    }

    bool Fail(int at, string reason)
    {
        _faultAt = at;
        _fault = reason;
        return false;
    }

    /// <summary>Where the reader stands, in the names of the protocol.</summary>
    string Path() => (_resource, _scope, _metric, _point) switch
    {
        ( < 0, _, _, _) => "",
        (_, < 0, _, _) => $"resource_metrics[{_resource}]",
        (_, _, < 0, _) => $"resource_metrics[{_resource}].scope_metrics[{_scope}]",
        (_, _, _, < 0) => $"resource_metrics[{_resource}].scope_metrics[{_scope}].metrics[{_metric}]",
        _ => $"resource_metrics[{_resource}].scope_metrics[{_scope}].metrics[{_metric}].data_points[{_point}]",
    };
}
