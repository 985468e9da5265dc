using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using NrdotConsole.Oracle;

namespace NrdotConsole.Protocol.Tests.Otlp;

/// <summary>Generates any request that the protocol allows, odd values first: empty names, absent messages, NaN, nested attributes.</summary>
public static class Requests
{
    public static Arbitrary<ExportMetricsServiceRequest> Request() =>
        (from resources in Few(ResourceMetrics(), 3)
         select new ExportMetricsServiceRequest { ResourceMetrics = { resources } }).ToArbitrary();

    static Gen<ResourceMetrics> ResourceMetrics() =>
        from resource in Maybe(from attributes in Attributes() select new Resource { Attributes = { attributes } })
        from scopes in Few(ScopeMetrics(), 3)
        from schema in Text()
        select new ResourceMetrics { Resource = resource, ScopeMetrics = { scopes }, SchemaUrl = schema };

    static Gen<ScopeMetrics> ScopeMetrics() =>
        from scope in Maybe(
            from name in Text()
            from version in Text()
            from attributes in Attributes()
            select new InstrumentationScope { Name = name, Version = version, Attributes = { attributes } })
        from metrics in Few(Metric(), 5)
        select new ScopeMetrics { Scope = scope, Metrics = { metrics } };

    static Gen<Metric> Metric() =>
        from name in Text()
        from unit in Text()
        from description in Text()
        from metadata in Attributes()
        from withData in Gen.OneOf(
            Gen.Constant<Action<Metric>>(_ => { }),
            Few(Number(), 4).Select<IReadOnlyList<NumberDataPoint>, Action<Metric>>(p => m => m.Gauge = new() { DataPoints = { p } }),
            from p in Few(Number(), 4)
            from t in Temporality()
            from monotonic in Gen.Elements(true, false)
            select (Action<Metric>)(m => m.Sum = new() { DataPoints = { p }, AggregationTemporality = t, IsMonotonic = monotonic }),
            from p in Few(Histogram(), 3)
            from t in Temporality()
            select (Action<Metric>)(m => m.Histogram = new() { DataPoints = { p }, AggregationTemporality = t }),
            from p in Few(Exponential(), 3)
            from t in Temporality()
            select (Action<Metric>)(m => m.ExponentialHistogram = new() { DataPoints = { p }, AggregationTemporality = t }),
            Few(Summary(), 3).Select<IReadOnlyList<SummaryDataPoint>, Action<Metric>>(p => m => m.Summary = new() { DataPoints = { p } }))
        select Made(new Metric { Name = name, Unit = unit, Description = description, Metadata = { metadata } }, withData);

    static Gen<NumberDataPoint> Number() =>
        from attributes in Attributes()
        from start in Fixed()
        from time in Fixed()
        from flags in Flags()
        from exemplars in Few(Exemplar(), 2)
        from value in Gen.OneOf(
            Gen.Constant<Action<NumberDataPoint>>(_ => { }),
            Double().Select<double, Action<NumberDataPoint>>(v => p => p.AsDouble = v),
            Fixed().Select<ulong, Action<NumberDataPoint>>(v => p => p.AsInt = (long)v))
        select Made(new NumberDataPoint { Attributes = { attributes }, StartTimeUnixNano = start, TimeUnixNano = time, Flags = flags, Exemplars = { exemplars } }, value);

    static Gen<HistogramDataPoint> Histogram() =>
        from attributes in Attributes()
        from time in Fixed()
        from count in Fixed()
        from flags in Flags()
        from counts in Few(Fixed(), 70)
        from bounds in Few(Double(), 70)
        from exemplars in Few(Exemplar(), 2)
        from sum in Optional<HistogramDataPoint>((p, v) => p.Sum = v)
        from min in Optional<HistogramDataPoint>((p, v) => p.Min = v)
        from max in Optional<HistogramDataPoint>((p, v) => p.Max = v)
        select Made(
            new HistogramDataPoint { Attributes = { attributes }, TimeUnixNano = time, Count = count, Flags = flags, BucketCounts = { counts }, ExplicitBounds = { bounds }, Exemplars = { exemplars } },
            sum + min + max);

    static Gen<ExponentialHistogramDataPoint> Exponential() =>
        from attributes in Attributes()
        from start in Fixed()
        from time in Fixed()
        from count in Fixed()
        from scale in Gen.Choose(-20, 20)
        from zero in Fixed()
        from threshold in Double()
        from positive in Maybe(Buckets())
        from negative in Maybe(Buckets())
        from flags in Flags()
        from sum in Optional<ExponentialHistogramDataPoint>((p, v) => p.Sum = v)
        from min in Optional<ExponentialHistogramDataPoint>((p, v) => p.Min = v)
        from max in Optional<ExponentialHistogramDataPoint>((p, v) => p.Max = v)
        select Made(
            new ExponentialHistogramDataPoint
            {
                Attributes = { attributes }, StartTimeUnixNano = start, TimeUnixNano = time, Count = count, Scale = scale, ZeroCount = zero,
                ZeroThreshold = threshold, Positive = positive, Negative = negative, Flags = flags,
            },
            sum + min + max);

    static Gen<ExponentialHistogramDataPoint.Types.Buckets> Buckets() =>
        from offset in Gen.OneOf(Gen.Choose(-9, 9), Gen.Elements(int.MinValue, int.MaxValue))
        from counts in Few(Fixed(), 40)
        select new ExponentialHistogramDataPoint.Types.Buckets { Offset = offset, BucketCounts = { counts } };

    static Gen<SummaryDataPoint> Summary() =>
        from attributes in Attributes()
        from time in Fixed()
        from count in Fixed()
        from sum in Double()
        from flags in Flags()
        from quantiles in Few(
            from q in Double()
            from v in Double()
            select new SummaryDataPoint.Types.ValueAtQuantile { Quantile = q, Value = v }, 5)
        select new SummaryDataPoint { Attributes = { attributes }, TimeUnixNano = time, Count = count, Sum = sum, Flags = flags, QuantileValues = { quantiles } };

    static Gen<Exemplar> Exemplar() =>
        from time in Fixed()
        from value in Double()
        from attributes in Attributes()
        select new Exemplar { TimeUnixNano = time, AsDouble = value, FilteredAttributes = { attributes }, SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8) };

    static Gen<IReadOnlyList<KeyValue>> Attributes() => Few(KeyValue(3), 4);

    static Gen<KeyValue> KeyValue(int depth) =>
        from key in Text()
        from value in Maybe(Value(depth))
        select new KeyValue { Key = key, Value = value };

    static Gen<AnyValue> Value(int depth)
    {
        Gen<AnyValue>[] plain =
        [
            Text().Select(v => new AnyValue { StringValue = v }),
            Gen.Elements(true, false).Select(v => new AnyValue { BoolValue = v }),
            Fixed().Select(v => new AnyValue { IntValue = (long)v }),
            Double().Select(v => new AnyValue { DoubleValue = v }),
            Few(Gen.Choose(0, 255), 9).Select(v => new AnyValue { BytesValue = ByteString.CopyFrom([.. v.Select(b => (byte)b)]) }),
            Gen.Constant(new AnyValue()),
        ];
        if (depth == 0) return Gen.OneOf(plain);
        return Gen.Frequency(
            (6, Gen.OneOf(plain)),
            (1, Few(Value(depth - 1), 3).Select(v => new AnyValue { ArrayValue = new() { Values = { v } } })),
            (1, Few(KeyValue(depth - 1), 3).Select(v => new AnyValue { KvlistValue = new() { Values = { v } } })));
    }

    static Gen<Action<T>> Optional<T>(Action<T, double> set) =>
        Gen.OneOf(Gen.Constant<Action<T>>(_ => { }), Double().Select<double, Action<T>>(v => p => set(p, v)));

    static Gen<AggregationTemporality> Temporality() => Gen.Elements(AggregationTemporality.Unspecified, AggregationTemporality.Delta, AggregationTemporality.Cumulative);

    static Gen<uint> Flags() => Gen.Elements(0u, 0u, 1u, 2u, 3u);

    static Gen<ulong> Fixed() => Gen.OneOf(
        Gen.Choose(0, 300).Select(v => (ulong)v),
        Gen.Elements<ulong>(0, 1_544_712_660_300_000_000, ulong.MaxValue, long.MaxValue, 1UL << 53, (1UL << 53) + 1));

    static Gen<double> Double() => Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(v => v / 8.0),
        Gen.Elements(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1, 1e21));

    static Gen<string> Text() => Gen.OneOf(
        Gen.Elements("", "host.name", "cpu", "état", "\"quoted\"\n", "🐧", "a\0b", new string('k', 127), new string('k', 128), new string('v', 300)));

    static Gen<IReadOnlyList<T>> Few<T>(Gen<T> of, int most) =>
        from n in Gen.Choose(0, most)
        from items in of.ArrayOf(n)
        select (IReadOnlyList<T>)items;

    static Gen<T?> Maybe<T>(Gen<T> of) where T : class => Gen.Frequency((4, of.Select(v => (T?)v)), (1, Gen.Constant<T?>(null)));

    static T Made<T>(T message, Action<T> rest)
    {
        rest(message);
        return message;
    }
}
