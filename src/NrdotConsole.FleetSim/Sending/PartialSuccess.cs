using System.Text;

namespace NrdotConsole.FleetSim.Sending;

/// <summary>Reads ExportMetricsServiceResponse: field 1 holds ExportMetricsPartialSuccess { 1 rejected points, 2 why }.</summary>
public static class PartialSuccess
{
    public static (long Rejected, string Message) Read(ReadOnlySpan<byte> response)
    {
        var (rejected, message) = (0L, "");
        var partial = Field(response, 1);
        var at = 0;
        while (at < partial.Length && TryVarint(partial, ref at, out var tag))
        {
            if (!TryVarint(partial, ref at, out var value)) break;
            if (tag == 0x08) rejected = (long)value;
            if ((tag & 7) != 2) continue;
            var length = (int)Math.Min(value, (ulong)(partial.Length - at));
            if (tag == 0x12) message = Encoding.UTF8.GetString(partial.Slice(at, length));
            at += length;
        }
        return (rejected, message);
    }

    static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> bytes, int number)
    {
        var at = 0;
        if (!TryVarint(bytes, ref at, out var tag) || tag != (ulong)((number << 3) | 2)) return default;
        if (!TryVarint(bytes, ref at, out var length)) return default;
        return bytes.Slice(at, (int)Math.Min(length, (ulong)(bytes.Length - at)));
    }

    static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return true;
        }
        return false;
    }
}
