using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Labels in a column: the number of pairs, then each key and value as a length-prefixed UTF-8 string; numbers in seven bits a byte.</summary>
internal static class LabelBytes
{
    public static byte[] Write(Labels labels)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write7BitEncodedInt(labels.Count);
        foreach (var (key, value) in labels)
        {
            writer.Write(key);
            writer.Write(value);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>What stands in the column where the pair is in the set. It may stand there by chance too.</summary>
    public static byte[] Pair(string key, string value) => Write(Labels.Of((key, value)))[1..];

    public static Labels Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var pairs = new KeyValuePair<string, string>[reader.Read7BitEncodedInt()];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = new(reader.ReadString(), reader.ReadString());
        return Labels.From(pairs);
    }
}
