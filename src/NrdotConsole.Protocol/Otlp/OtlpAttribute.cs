namespace NrdotConsole.Protocol.Otlp;

/// <summary>A key and a value of any OTLP type, as <see cref="OtlpWriter"/> takes them.</summary>
public readonly record struct OtlpAttribute(string Key, OtlpValue Value);

/// <summary>An OTLP AnyValue: text, truth, integer, double, bytes, an array or a map of values, or nothing at all (the default).</summary>
public readonly struct OtlpValue : IEquatable<OtlpValue>
{
    internal enum Kind : byte { Empty, Text, Truth, Integer, Real, Bytes, Array, Map }

    internal readonly Kind Type;
    internal readonly long Bits;
    internal readonly object? Reference;

    OtlpValue(Kind type, long bits, object? reference) => (Type, Bits, Reference) = (type, bits, reference);

    public static implicit operator OtlpValue(string value) => new(Kind.Text, 0, value);
    public static implicit operator OtlpValue(bool value) => new(Kind.Truth, value ? 1 : 0, null);
    public static implicit operator OtlpValue(long value) => new(Kind.Integer, value, null);
    public static implicit operator OtlpValue(double value) => new(Kind.Real, BitConverter.DoubleToInt64Bits(value), null);
    public static OtlpValue Bytes(byte[] value) => new(Kind.Bytes, 0, value);
    public static OtlpValue Array(params OtlpValue[] values) => new(Kind.Array, 0, values);
    public static OtlpValue Map(params OtlpAttribute[] entries) => new(Kind.Map, 0, entries);

    public bool Equals(OtlpValue other) => Type == other.Type && Bits == other.Bits && Equals(Reference, other.Reference);
    public override bool Equals(object? obj) => obj is OtlpValue other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Type, Bits, Reference);
    public static bool operator ==(OtlpValue left, OtlpValue right) => left.Equals(right);
    public static bool operator !=(OtlpValue left, OtlpValue right) => !left.Equals(right);
}
