using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// Makes another .NET process collect all its garbage, through its diagnostics socket: a trace session with the collector's keyword begins with
/// a full collection. After it the heap holds what is in use. The runtime's diagnostics IPC protocol, version 1.
/// </summary>
internal static class FullCollection
{
    const ulong CollectKeyword = 0x800000;
    const string Provider = "Microsoft-Windows-DotNETRuntime";

    public static async Task OfAsync(int processId)
    {
        var path = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").Single();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await socket.SendAsync(CollectTracing());
        // The answer and the trace's head; the collection runs meanwhile. Closing ends the session.
        var buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // A trace has no end of its own.
        }
    }

    /// <code>"DOTNET_IPC_V1\0" | length u16 | command set 2, command 2 | 0 u16 | buffer MB u32 | format u32 | providers u32 | keywords u64 | level u32 | name | filter</code>
    static byte[] CollectTracing()
    {
        using var message = new MemoryStream();
        using var writer = new BinaryWriter(message);
        writer.Write("DOTNET_IPC_V1\0"u8);
        writer.Write((ushort)0);
        writer.Write([(byte)2, (byte)2, (byte)0, (byte)0]);
        writer.Write(1u);
        writer.Write(1u);
        writer.Write(1u);
        writer.Write(CollectKeyword);
        writer.Write(4u);
        writer.Write((uint)Provider.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(Provider + "\0"));
        writer.Write(0u);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14), (ushort)bytes.Length);
        return bytes;
    }
}
