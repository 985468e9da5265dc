using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace NrdotConsole.Tests;

/// <summary>
/// Ports for programs that a test starts by number. They lie below those that the system hands out by itself (from 32768 on Linux, from 49152
/// elsewhere): a port that is free now is not some connection's a moment later.
/// </summary>
internal static class FreePorts
{
    static readonly HashSet<int> s_taken = [];

    /// <summary>One that nobody listens on.</summary>
    public static int Take() => Take(1)[0];

    /// <summary>All different, and none that this process took before.</summary>
    public static int[] Take(int count)
    {
        lock (s_taken)
        {
            var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
            var ports = new int[count];
            for (var i = 0; i < count;)
            {
                // Another test program draws ports of its own at the same time, so chance.
                var port = Random.Shared.Next(10_240, 32_000);
                if (!used.Contains(port) && s_taken.Add(port) && CanListen(port)) ports[i++] = port;
            }
            return ports;
        }
    }

    static bool CanListen(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
