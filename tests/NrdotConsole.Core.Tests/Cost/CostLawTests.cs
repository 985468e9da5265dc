using FsCheck.Xunit;
using NrdotConsole.Core.Cost;

namespace NrdotConsole.Core.Tests.Cost;

public sealed class CostLawTests
{
    static readonly DateOnly s_day = new(2026, 11, 23);

    static CostLedger Ledger(decimal freeGigabytes, IEnumerable<uint> megabytes)
    {
        var ledger = new CostLedger(new PriceList([], freeGigabytes));
        var i = 0;
        foreach (var mb in megabytes) ledger.Add(new($"tenant{i++ % 5}", s_day, mb * 1_000_003L, mb));
        return ledger;
    }

    [Property]
    public bool The_tenants_cost_what_the_fleet_costs(uint[] megabytes, ushort freeGigabytes)
    {
        var ledger = Ledger(freeGigabytes, megabytes);
        var bytes = ledger.Days.Sum(d => d.Bytes);
        var paid = Math.Max(0, bytes - (freeGigabytes * 1_000_000_000L));
        return ledger.Costs().Sum(c => c.Usd) == paid * 0.40m / 1_000_000_000m;
    }

    [Property]
    public bool It_does_not_matter_in_how_many_pieces_bytes_are_counted(ushort pieces, ushort size)
    {
        var whole = new CostLedger(new PriceList([]));
        var parts = new CostLedger(new PriceList([]));
        whole.Add(new("a", s_day, (long)pieces * size, pieces));
        for (var i = 0; i < pieces; i++) parts.Add(new("a", s_day, size, 1));
        return whole.Costs().Sum(c => c.Usd) == parts.Costs().Sum(c => c.Usd);
    }

    [Property]
    public bool More_data_never_costs_less(uint[] megabytes, uint more, ushort freeGigabytes)
    {
        var ledger = Ledger(freeGigabytes, megabytes);
        var before = ledger.Costs().Sum(c => c.Usd);
        ledger.Add(new("tenant0", s_day, more, 0));
        return ledger.Costs().Sum(c => c.Usd) >= before;
    }

    [Property]
    public bool The_parts_of_a_split_sum_to_the_whole(uint whole, uint[] weights)
    {
        var parts = Shares.Split(whole, [.. weights.Select(w => (long)w)]);
        return parts.All(p => p >= 0) && parts.Sum() == (weights.Any(w => w > 0) ? whole : 0);
    }
}
