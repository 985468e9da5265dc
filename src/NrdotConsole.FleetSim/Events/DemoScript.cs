namespace NrdotConsole.FleetSim.Events;

/// <summary>The default story: within its first minutes every panel of a console has something to say.</summary>
public static class DemoScript
{
    static readonly TimeSpan LongSince = TimeSpan.FromMinutes(-12);

    public static IReadOnlyList<SimEvent> Events { get; } =
    [
        new(LongSince, SimEventKind.Hide, "db/2", "redis-server", TimeSpan.FromMinutes(30), 0),
        new(LongSince, SimEventKind.Leak, "app/4", "dotnet", TimeSpan.FromHours(2), 14),
        new(TimeSpan.FromMinutes(-2), SimEventKind.NoisyPods, "k8s/3", "", TimeSpan.FromMinutes(25), 14),
        new(TimeSpan.FromSeconds(30), SimEventKind.Explode, "k8s/1", "", TimeSpan.FromMinutes(20), 20),
        new(TimeSpan.FromSeconds(45), SimEventKind.Outage, "ci/2", "", TimeSpan.FromMinutes(9), 0),
        new(TimeSpan.FromSeconds(60), SimEventKind.Vanish, "web/3", "chronyd", TimeSpan.FromMinutes(9), 0),
        new(TimeSpan.FromSeconds(75), SimEventKind.QueueBackup, "queue/1", "", TimeSpan.FromMinutes(7), 0),
        // Late enough that a detector which starts with the console has learnt what is usual.
        new(TimeSpan.FromSeconds(105), SimEventKind.CpuSpike, "app/1", "java", TimeSpan.FromMinutes(8), 4),
        new(TimeSpan.FromSeconds(150), SimEventKind.IoStorm, "db/1", "postgres", TimeSpan.FromMinutes(6), 9),
        new(TimeSpan.FromSeconds(200), SimEventKind.Restart, "web/1", "nginx", TimeSpan.Zero, 0),
        new(TimeSpan.FromSeconds(240), SimEventKind.CpuSpike, "web/4", "node", TimeSpan.FromMinutes(5), 5),
        new(TimeSpan.FromSeconds(300), SimEventKind.Outage, "web/7", "", TimeSpan.FromMinutes(4), 0),
        new(TimeSpan.FromSeconds(330), SimEventKind.Reload, "app/2", "", TimeSpan.Zero, 0),
    ];
}
