using System.Buffers.Binary;
using System.Text;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// The messages of a Blazor circuit as a browser writes and reads them: SignalR's MessagePack protocol, of which a circuit uses these shapes only.
/// <code>length (7 bits a byte, low first) | array [1 invocation, headers {}, id or nil, target, [arguments]]</code>
/// </summary>
internal static class BlazorPack
{
    const int Invocation = 1, Completion = 3;

    public static readonly byte[] Handshake = Encoding.ASCII.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e");
    public static readonly byte[] Ping = [0x02, 0x91, 0x06];

    /// <summary>A call that wants an answer where <paramref name="id"/> is set. Arguments are null, <see cref="bool"/>, <see cref="long"/> or <see cref="string"/>.</summary>
    public static byte[] Call(string? id, string target, params ReadOnlySpan<object?> arguments)
    {
        var body = new List<byte> { 0x95, Invocation, 0x80 };
        Write(body, id);
        Write(body, target);
        body.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments) Write(body, argument);
        List<byte> length = [];
        for (var left = body.Count; ; left >>= 7)
        {
            length.Add((byte)(left > 127 ? (left & 127) | 128 : left));
            if (left <= 127) break;
        }
        return [.. length, .. body];
    }

    static void Write(List<byte> body, object? value)
    {
        Span<byte> eight = stackalloc byte[8];
        switch (value)
        {
            case null: body.Add(0xc0); break;
            case bool yes: body.Add(yes ? (byte)0xc3 : (byte)0xc2); break;
            case long number:
                BinaryPrimitives.WriteInt64BigEndian(eight, number);
                body.Add(0xd3);
                body.AddRange(eight);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                BinaryPrimitives.WriteInt32BigEndian(eight, bytes.Length);
                body.Add(0xdb);
                body.AddRange(eight[..4]);
                body.AddRange(bytes);
                break;
            default: throw new ArgumentException($"A circuit's call takes no {value.GetType()}.");
        }
    }

    /// <summary>Takes the whole messages off the front of <paramref name="received"/>. A call's id is empty; an answer's target is.</summary>
    /// <returns>How many bytes they took.</returns>
    public static int Read(ReadOnlyMemory<byte> received, Action<string, object?[]> heard)
    {
        for (var taken = 0; ;)
        {
            var (length, prefix) = Length(received.Span[taken..]);
            if (prefix == 0 || taken + prefix + length > received.Length) return taken;
            Message(new Reader(received.Slice(taken + prefix, length)), heard);
            taken += prefix + length;
        }
    }

    static (int Length, int Prefix) Length(ReadOnlySpan<byte> from)
    {
        var length = 0;
        for (var i = 0; i < Math.Min(5, from.Length); i++)
        {
            length |= (from[i] & 127) << (7 * i);
            if (from[i] < 128) return (length, i + 1);
        }
        return (0, 0);
    }

    static void Message(Reader reader, Action<string, object?[]> heard)
    {
        if (reader.Next() is not object?[] { Length: > 3 } parts) return;
        switch (parts[0])
        {
            case (long)Invocation: heard((string)parts[3]!, (object?[])parts[4]!); break;
            case (long)Completion: heard("", parts); break;
        }
    }

    /// <summary>One MessagePack value after another; bytes are slices of what was received.</summary>
    sealed class Reader(ReadOnlyMemory<byte> bytes)
    {
        int _at;

        public object? Next()
        {
            var kind = bytes.Span[_at++];
            return kind switch
            {
                < 0x80 => (long)kind,
                < 0x90 => Map(kind & 15),
                < 0xa0 => Array(kind & 15),
                < 0xc0 => Text(kind & 31),
                0xc0 => null,
                0xc2 => false,
                0xc3 => true,
                0xc4 => Take((int)Number(1)),
                0xc5 => Take((int)Number(2)),
                0xc6 => Take((int)Number(4)),
                0xcc or 0xd0 => Number(1),
                0xcd or 0xd1 => Number(2),
                0xce or 0xd2 => Number(4),
                0xcf or 0xd3 => Number(8),
                0xd9 => Text((int)Number(1)),
                0xda => Text((int)Number(2)),
                0xdb => Text((int)Number(4)),
                0xdc => Array((int)Number(2)),
                >= 0xe0 => (long)(sbyte)kind,
                _ => throw new InvalidDataException($"A circuit sends no MessagePack of kind 0x{kind:x2}."),
            };
        }

        long Number(int size)
        {
            long number = 0;
            foreach (var b in Take(size).Span) number = (number << 8) | b;
            return number;
        }

        ReadOnlyMemory<byte> Take(int length)
        {
            var taken = bytes.Slice(_at, length);
            _at += length;
            return taken;
        }

        string Text(int length) => Encoding.UTF8.GetString(Take(length).Span);

        object?[] Array(int count)
        {
            var items = new object?[count];
            for (var i = 0; i < count; i++) items[i] = Next();
            return items;
        }

        object? Map(int count)
        {
            for (var i = 0; i < 2 * count; i++) Next();
            return null;
        }
    }
}
