using System.Net;

namespace NrdotConsole.App.Tests.Telemetry.Otlp;

/// <summary>Measured by what the whole process allocates.</summary>
[Collection(Alone.Name)]
public sealed class BombTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task A_bomb_costs_the_limit_and_no_more(string coding)
    {
        await using var host = await OtlpHost.StartAsync(null, ("Otlp:MaxDecompressedBytes", "16777216"));
        var bomb = OtlpHost.Compress(coding, new byte[1 << 20], 400);
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.PostAsync(bomb, coding: coding)).StatusCode);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 120 << 20);
        Assert.Equal(0, host.Budget.Bytes);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync([0x0A, 0x04, 0x0A, 0x02, 0x10, 0x01])).StatusCode);
    }
}
