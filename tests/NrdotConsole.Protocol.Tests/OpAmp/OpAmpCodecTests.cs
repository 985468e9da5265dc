using System.Diagnostics;
using FsCheck.Xunit;
using Google.Protobuf;
using NrdotConsole.Protocol.OpAmp;
using Proto = global::OpAmp.Proto.V1;

namespace NrdotConsole.Protocol.Tests.OpAmp;

public sealed class OpAmpCodecTests
{
    [Property(MaxTest = 2000)]
    public void What_Google_s_writer_says_of_an_agent_we_read_and_say_again(int seed)
    {
        var told = new Messages(seed).Agent();
        var read = OpAmpCodec.ReadAgentToServer(told.ToByteArray(), out var fault);
        Assert.Null(fault);
        Assert.Equal(told, Proto.AgentToServer.Parser.ParseFrom(OpAmpCodec.Write(read!, webSocket: false)));
    }

    [Property(MaxTest = 2000)]
    public void What_Google_s_writer_says_of_a_server_we_read_and_say_again(int seed)
    {
        var told = new Messages(seed).Server();
        var read = OpAmpCodec.ReadServerToAgent(told.ToByteArray(), out var fault);
        Assert.Null(fault);
        Assert.Equal(told, Proto.ServerToAgent.Parser.ParseFrom(OpAmpCodec.Write(read!, webSocket: false)));
    }

    [Property(MaxTest = 500)]
    public void A_message_in_two_halves_is_their_sum_as_Google_adds_them(int first, int second)
    {
        byte[] bytes = [.. new Messages(first).Agent().ToByteArray(), .. new Messages(second).Agent().ToByteArray()];
        var read = OpAmpCodec.ReadAgentToServer(bytes, out _);
        Assert.Equal(Proto.AgentToServer.Parser.ParseFrom(bytes), Proto.AgentToServer.Parser.ParseFrom(OpAmpCodec.Write(read!, webSocket: false)));
    }

    [Property(MaxTest = 2000)]
    public void Our_own_messages_come_back_byte_for_byte(int seed)
    {
        var once = OpAmpCodec.Write(OpAmpCodec.ReadAgentToServer(new Messages(seed).Agent().ToByteArray(), out _)!, webSocket: false);
        Assert.Equal(once, OpAmpCodec.Write(OpAmpCodec.ReadAgentToServer(once, out _)!, webSocket: false));
        var other = OpAmpCodec.Write(OpAmpCodec.ReadServerToAgent(new Messages(seed).Server().ToByteArray(), out _)!, webSocket: false);
        Assert.Equal(other, OpAmpCodec.Write(OpAmpCodec.ReadServerToAgent(other, out _)!, webSocket: false));
    }

    [Property(MaxTest = 5000)]
    public void Damaged_bytes_are_refused_in_words_or_are_sound_to_Google_too(int seed)
    {
        var random = new Random(seed);
        var bytes = new Messages(seed).Agent().ToByteArray();
        for (var n = random.Next(1, 5); n > 0 && bytes.Length > 0; n--)
        {
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
        var read = OpAmpCodec.ReadAgentToServer(bytes, out var fault);
        Assert.Equal(read is null, fault is { Length: > 0 });
        _ = OpAmpCodec.ReadServerToAgent(bytes, out _);
        if (read is not null) Proto.AgentToServer.Parser.ParseFrom(bytes);
    }

    [Fact]
    public void Fields_of_later_versions_are_stepped_over()
    {
        byte[] bytes = [.. new Messages(1).Agent().ToByteArray(), 0xC2, 0x3E, 2, 8, 1, 0x80, 0x3F, 5, 0x93, 0x3F, 8, 1, 0x94, 0x3F];
        Assert.NotNull(OpAmpCodec.ReadAgentToServer(bytes, out _));
    }

    [Fact]
    public void A_fault_names_the_part_and_the_byte()
    {
        OpAmpCodec.ReadAgentToServer([0x10, 1, 0x2A, 2, 0x1A, 9], out var fault);
        Assert.Equal("health, byte 5: the length of field 3 runs past the end.", fault);
        OpAmpCodec.ReadAgentToServer([0x0A, 2, 1, 2], out fault);
        Assert.Equal("AgentToServer, byte 4: an instance_uid has 16 bytes (a UUID), not 2.", fault);
        OpAmpCodec.ReadAgentToServer([0x2A, 4, 0x1A, 2, 0xC3, 0x28], out fault);
        Assert.Contains("not UTF-8", fault);
    }

    [Fact]
    public void Messages_that_nest_without_end_are_refused()
    {
        byte[] health = [0x08, 1];
        for (var n = 0; n < 100; n++)
        {
            var entry = new MemoryStream();
            Field(entry, 0x12, health);
            var map = new MemoryStream();
            Field(map, 0x32, entry.ToArray());
            health = map.ToArray();
        }
        var bytes = new MemoryStream();
        Field(bytes, 0x2A, health);
        Assert.Null(OpAmpCodec.ReadAgentToServer(bytes.ToArray(), out var fault));
        Assert.Contains("nest deeper", fault);
    }

    [Fact]
    public void A_few_bytes_do_not_become_many_objects()
    {
        var attributes = new byte[8 << 20];
        for (var i = 0; i + 1 < attributes.Length; i += 2) attributes[i] = 0x0A;
        var bytes = new MemoryStream();
        Field(bytes, 0x1A, attributes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Assert.Null(OpAmpCodec.ReadAgentToServer(bytes.ToArray(), out var fault));
        Assert.Contains("more than 50000 entries", fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void A_frame_is_a_zero_and_the_message_or_of_old_the_message_alone()
    {
        var uid = Guid.CreateVersion7();
        var frame = OpAmpCodec.Write(new AgentToServer(uid) { SequenceNum = 5 }, webSocket: true);
        Assert.Equal([0, 0x0A, 16, .. uid.ToByteArray(bigEndian: true), 0x10, 5], frame);
        Assert.Equal(uid, OpAmpCodec.ReadAgentToServer(OpAmpCodec.Unframe(frame), out _)!.InstanceUid);
        Assert.Equal(uid, OpAmpCodec.ReadAgentToServer(OpAmpCodec.Unframe(frame.AsSpan(1)), out _)!.InstanceUid);
        Assert.Null(OpAmpCodec.ReadAgentToServer(OpAmpCodec.Unframe([1, .. frame.AsSpan(1)]), out _));
    }

    [Fact]
    public void Attributes_show_as_text_whatever_their_kind()
    {
        var description = new AgentDescription([new("n", new AnyValue.Integer(7)), new("b", new AnyValue.Flag(true))], [new("l", new AnyValue.Items([new AnyValue.Text("a"), null])), new("none", (AnyValue?)null)]);
        Assert.Equal(("7", "true", "[a, ]", null), (description.Find("n"), description.Find("b"), description.Find("l"), description.Find("none")));
    }

    static void Field(Stream into, byte tag, byte[] value)
    {
        using var coded = new CodedOutputStream(into, leaveOpen: true);
        coded.WriteRawTag(tag);
        coded.WriteBytes(ByteString.CopyFrom(value));
    }
}
