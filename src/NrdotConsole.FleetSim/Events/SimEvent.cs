namespace NrdotConsole.FleetSim.Events;

public enum SimEventKind
{
    /// <summary>The process comes back at once under a new pid.</summary>
    Restart,
    /// <summary>The process dies; it comes back when the event ends.</summary>
    Vanish,
    /// <summary>The process runs on, but the collector does not send it: a filter too many.</summary>
    Hide,
    /// <summary>The process grows by <c>amount</c> megabytes a minute.</summary>
    Leak,
    /// <summary>The process takes <c>amount</c> times its ordinary CPU.</summary>
    CpuSpike,
    /// <summary>The process reads and writes <c>amount</c> times as much.</summary>
    IoStorm,
    /// <summary>Pods are replaced <c>amount</c> a minute, each under a new name and pid.</summary>
    NoisyPods,
    /// <summary>Network devices are born, <c>amount</c> a minute, and never seen again after it.</summary>
    Explode,
    /// <summary>The collector is silent.</summary>
    Outage,
    /// <summary>The collector's queue fills up; sends fail, then points are refused.</summary>
    QueueBackup,
    /// <summary>The collector reloads: new instance id, counters from zero.</summary>
    Reload,
    /// <summary>A configuration that comes meanwhile is refused.</summary>
    RejectConfig,
    /// <summary>The collector ends again and again with a configuration that comes meanwhile.</summary>
    CrashConfig,
    /// <summary>A configuration that comes meanwhile is never done being applied.</summary>
    HangConfig,
    /// <summary>A configuration that comes meanwhile takes half a minute.</summary>
    SlowConfig,
    /// <summary>With a configuration that comes meanwhile the agent and its host fall silent.</summary>
    SilentAgent,
}

/// <summary>Something that happens to a host.</summary>
/// <param name="At">From the moment the world goes live; may be negative.</param>
/// <param name="Host">A host's name, or "role/n": the n-th host of a role, from 1.</param>
/// <param name="Process">Executable; empty where the event is the whole host's.</param>
/// <param name="For">How long it lasts; zero for what is over at once.</param>
/// <param name="Amount">See <see cref="SimEventKind"/>.</param>
public sealed record SimEvent(TimeSpan At, SimEventKind Kind, string Host, string Process, TimeSpan For, double Amount);
