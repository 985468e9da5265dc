using FsCheck;
using FsCheck.Xunit;
using NrdotConsole.App.Features.Signals;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Signals;

public sealed class SignalLawTests
{
    static readonly string[] s_executables = ["postgres", "java", "nginx", "sshd", "node", "sleep", "telegraf"];

    /// <summary>A thousand hosts of three tenants, at random fresh, silent, growing, losing processes: the sums kept by difference are the sums from scratch.</summary>
    [Property(MaxTest = 2)]
    public void Sums_kept_by_difference_equal_sums_from_scratch(int seed)
    {
        using var world = new SignalWorld();
        var random = new System.Random(seed);
        for (var minute = 0; minute < 6; minute++)
        {
            for (var host = 0; host < 1000; host++)
            {
                if (random.Next(4) == 0) continue;
                var processes = s_executables.Where(_ => random.Next(3) > 0).Select(e => (e, 1.0, 1e7)).ToArray();
                if (processes.Length > 0) world.Scrape($"t{host % 3}", $"h{host}", processes);
                if (random.Next(10) == 0) world.Inventory($"t{host % 3}", $"h{host}", s_executables);
            }
            world.Run(2);
            world.Time.Advance(TimeSpan.FromSeconds(58));
        }

        world.Engine.Read(engine =>
        {
            foreach (var kept in engine.Tenants.Values.Append(engine.Fleet))
            {
                var scratch = new ScopeSignals(kept.Scope);
                foreach (var host in engine.Fleet.Hosts.Where(h => kept.Scope.Tenant is null || h.Host.Tenant == kept.Scope.Tenant)) scratch.Replace(HostShare.None, host.Share);
                Assert.Equal(scratch.Coverage, kept.Coverage);
                Assert.Equal(scratch.Reduction, kept.Reduction);
                Assert.Equal(scratch.Rate, kept.Rate);
                Assert.Equal((scratch.Active, scratch.HostsWithRate), (kept.Active, kept.HostsWithRate));
                Assert.Equal(scratch.ByClass, kept.ByClass);
                Assert.Equal(scratch.ByHealth, kept.ByHealth);
                Assert.Equal(scratch.Metrics.OrderBy(m => m.Key), kept.Metrics.OrderBy(m => m.Key));
            }
            return true;
        });
    }
}
