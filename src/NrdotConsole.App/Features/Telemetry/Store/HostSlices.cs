namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Cuts the range of host hashes so that the blocks that begin in one slice hold about a given number of points: work in memory stays bounded.</summary>
internal static class HostSlices
{
    /// <summary>Slices from first to last, without gaps. One host is never cut, however many points it has.</summary>
    public static List<(uint From, uint To)> Of(IEnumerable<BlockRef> blocks, int maxPoints)
    {
        var slices = new List<(uint, uint)>();
        long points = 0;
        uint from = 0, last = 0;
        foreach (var block in blocks.OrderBy(b => b.HostFrom))
        {
            if (points >= maxPoints && block.HostFrom > last)
            {
                slices.Add((from, block.HostFrom - 1));
                (from, points) = (block.HostFrom, 0);
            }
            points += block.Points;
            last = block.HostFrom;
        }
        slices.Add((from, uint.MaxValue));
        return slices;
    }
}
