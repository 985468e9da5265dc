using System.Text;

namespace NrdotConsole.Protocol.Otlp;

enum FieldKind { Text, Base64, Bool, Int64, UInt32, SInt32, UInt64, Fixed64, SFixed64, Double, Temporality, Message }

/// <summary>A field that the reader wants, by its JSON name: lowerCamelCase, or the original snake_case as every proto3 JSON parser accepts.</summary>
sealed class OtlpField(string name, int number, FieldKind kind, bool repeated, OtlpMessage? message)
{
    readonly byte[] _camel = Encoding.ASCII.GetBytes(name);
    readonly byte[] _snake = Encoding.ASCII.GetBytes(string.Concat(name.Select(c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}")));

    public string Name => name;
    public FieldKind Kind => kind;
    public bool Repeated => repeated;
    public OtlpMessage? Message => message;

    /// <summary>Repeated numbers are written packed.</summary>
    public bool Packed => repeated && kind != FieldKind.Message;

    public byte Tag { get; } = (byte)(number << 3 | (repeated ? 2 : WireType(kind)));

    public bool IsNamed(ReadOnlySpan<byte> property) => property.SequenceEqual(_camel) || property.SequenceEqual(_snake);

    static int WireType(FieldKind kind) => kind switch
    {
        FieldKind.Text or FieldKind.Base64 or FieldKind.Message => 2,
        FieldKind.Fixed64 or FieldKind.SFixed64 or FieldKind.Double => 1,
        _ => 0,
    };
}

/// <summary>The messages of an ExportMetricsServiceRequest as far as the console reads them. Numbers stay below 16, so each tag is one byte.</summary>
sealed class OtlpMessage
{
    public List<OtlpField> Fields { get; } = [];

    OtlpMessage Has(string name, int number, FieldKind kind) => Add(name, number, kind, false, null);
    OtlpMessage HasMany(string name, int number, FieldKind kind) => Add(name, number, kind, true, null);
    OtlpMessage Has(string name, int number, OtlpMessage message) => Add(name, number, FieldKind.Message, false, message);
    OtlpMessage HasMany(string name, int number, OtlpMessage message) => Add(name, number, FieldKind.Message, true, message);

    OtlpMessage Add(string name, int number, FieldKind kind, bool repeated, OtlpMessage? message)
    {
        Fields.Add(new(name, number, kind, repeated, message));
        return this;
    }

    public static OtlpMessage Request { get; } = BuildRequest();

    static OtlpMessage BuildRequest()
    {
        var anyValue = new OtlpMessage();
        var keyValue = new OtlpMessage().Has("key", 1, FieldKind.Text).Has("value", 2, anyValue);
        anyValue
            .Has("stringValue", 1, FieldKind.Text).Has("boolValue", 2, FieldKind.Bool).Has("intValue", 3, FieldKind.Int64).Has("doubleValue", 4, FieldKind.Double)
            .Has("arrayValue", 5, new OtlpMessage().HasMany("values", 1, anyValue))
            .Has("kvlistValue", 6, new OtlpMessage().HasMany("values", 1, keyValue))
            .Has("bytesValue", 7, FieldKind.Base64);

        var number = Point(7, 8)
            .Has("asDouble", 4, FieldKind.Double).Has("asInt", 6, FieldKind.SFixed64);
        var histogram = Point(9, 10)
            .Has("count", 4, FieldKind.Fixed64).Has("sum", 5, FieldKind.Double).HasMany("bucketCounts", 6, FieldKind.Fixed64).HasMany("explicitBounds", 7, FieldKind.Double)
            .Has("min", 11, FieldKind.Double).Has("max", 12, FieldKind.Double);
        var buckets = new OtlpMessage().Has("offset", 1, FieldKind.SInt32).HasMany("bucketCounts", 2, FieldKind.UInt64);
        var exponential = Point(1, 10)
            .Has("count", 4, FieldKind.Fixed64).Has("sum", 5, FieldKind.Double).Has("scale", 6, FieldKind.SInt32).Has("zeroCount", 7, FieldKind.Fixed64)
            .Has("positive", 8, buckets).Has("negative", 9, buckets)
            .Has("min", 12, FieldKind.Double).Has("max", 13, FieldKind.Double).Has("zeroThreshold", 14, FieldKind.Double);
        var summary = Point(7, 8)
            .Has("count", 4, FieldKind.Fixed64).Has("sum", 5, FieldKind.Double)
            .HasMany("quantileValues", 6, new OtlpMessage().Has("quantile", 1, FieldKind.Double).Has("value", 2, FieldKind.Double));

        var metric = new OtlpMessage()
            .Has("name", 1, FieldKind.Text).Has("description", 2, FieldKind.Text).Has("unit", 3, FieldKind.Text)
            .Has("gauge", 5, Data(number))
            .Has("sum", 7, Data(number).Has("aggregationTemporality", 2, FieldKind.Temporality).Has("isMonotonic", 3, FieldKind.Bool))
            .Has("histogram", 9, Data(histogram).Has("aggregationTemporality", 2, FieldKind.Temporality))
            .Has("exponentialHistogram", 10, Data(exponential).Has("aggregationTemporality", 2, FieldKind.Temporality))
            .Has("summary", 11, Data(summary));
        var scope = new OtlpMessage().Has("name", 1, FieldKind.Text).Has("version", 2, FieldKind.Text).HasMany("attributes", 3, keyValue);
        var scopeMetrics = new OtlpMessage().Has("scope", 1, scope).HasMany("metrics", 2, metric);
        var resource = new OtlpMessage().HasMany("attributes", 1, keyValue);
        return new OtlpMessage().HasMany("resourceMetrics", 1, new OtlpMessage().Has("resource", 1, resource).HasMany("scopeMetrics", 2, scopeMetrics));

        OtlpMessage Point(int attributes, int flags) => new OtlpMessage()
            .HasMany("attributes", attributes, keyValue).Has("startTimeUnixNano", 2, FieldKind.Fixed64).Has("timeUnixNano", 3, FieldKind.Fixed64).Has("flags", flags, FieldKind.UInt32);

        static OtlpMessage Data(OtlpMessage point) => new OtlpMessage().HasMany("dataPoints", 1, point);
    }
}
