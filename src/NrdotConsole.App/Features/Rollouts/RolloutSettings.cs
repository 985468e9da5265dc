using System.Globalization;
using NrdotConsole.App.Platform;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>What all rollouts share; soak, concurrency and the agents' time limit are each Change's own.</summary>
internal sealed record RolloutSettings
{
    /// <summary><c>Rollouts:RollbackConcurrency</c>: agents that go back at the same time; never fewer than went forward.</summary>
    public int RollbackConcurrency { get; init; } = 500;

    /// <summary><c>Rollouts:LongestExtension</c>: how much longer than its soak a gate may take that cannot say yet.</summary>
    public TimeSpan LongestExtension { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>Rollouts:LookEvery</c>: between two looks at a gate; a shorter soak is looked at four times.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>Rollouts:FailureBudget</c>: 0..1, the share of a ring's agents that may fail.</summary>
    public double FailureBudget { get; init; } = 0.05;

    /// <summary><c>Rollouts:WhenInconclusive</c>: pause or rollBack.</summary>
    public WhenInconclusive WhenInconclusive { get; init; } = WhenInconclusive.Pause;

    /// <summary><c>Rollouts:Alpha</c>: the most that a rollout without any effect may be taken back by its gates' tests, 0..0.5.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary><c>Rollouts:ReconnectGrace</c>: after a start of the console, how long agents may take to come back before a rollout goes on.</summary>
    public TimeSpan ReconnectGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>Rollouts:PromisedSaving</c>: 0..1, the share of a saving the dry run promises that a gate insists on; the estimate is a model's.</summary>
    public double PromisedSaving { get; init; } = 0.5;

    /// <summary><c>Rollouts:AssignNewAgents</c>: an agent that takes configurations and was never given one gets what main says for its host.</summary>
    public bool AssignNewAgents { get; init; } = true;

    /// <summary><c>Rollouts:DayOne</c>: whether gates hold each ring against the day-1 checks too, as far as its hosts tell what they ask for.</summary>
    public bool DayOne { get; init; } = true;

    public RolloutPace Pace(RolloutOptions options)
    {
        var look = TimeSpan.FromTicks(Math.Clamp(options.Soak.Ticks / 4, TimeSpan.TicksPerSecond, LookEvery.Ticks));
        return new(
            options.Concurrency, Math.Max(options.Concurrency, RollbackConcurrency), options.ApplyTimeout, options.Soak, options.Soak + LongestExtension, look, FailureBudget, WhenInconclusive);
    }

    public GateRules Gates(RolloutOptions options) =>
        new([.. GateRules.Default.Rules.Where(r => r.Measure == GateMeasure.AgentHealth || (options.Gates && (DayOne || r.Measure != GateMeasure.DayOne)))], Alpha);

    /// <exception cref="StartException">Every fault by its key.</exception>
    public static RolloutSettings Read(IConfiguration configuration)
    {
        var (section, defaults, faults) = (configuration.GetSection("Rollouts"), new RolloutSettings(), new List<string>());
        var settings = new RolloutSettings
        {
            RollbackConcurrency = (int)Number(section, "RollbackConcurrency", defaults.RollbackConcurrency, 1, RolloutOptions.MostConcurrent, faults),
            LongestExtension = Span(section, "LongestExtension", defaults.LongestExtension, TimeSpan.FromDays(7), faults),
            LookEvery = Span(section, "LookEvery", defaults.LookEvery, TimeSpan.FromHours(1), faults),
            FailureBudget = Number(section, "FailureBudget", defaults.FailureBudget, 0, 1, faults),
            Alpha = Number(section, "Alpha", defaults.Alpha, 0.0001, 0.4, faults),
            ReconnectGrace = Span(section, "ReconnectGrace", defaults.ReconnectGrace, TimeSpan.FromHours(1), faults),
            PromisedSaving = Number(section, "PromisedSaving", defaults.PromisedSaving, 0, 1, faults),
            WhenInconclusive = Choice(section, "WhenInconclusive", defaults.WhenInconclusive, faults),
            AssignNewAgents = YesNo(section, "AssignNewAgents", defaults.AssignNewAgents, faults),
            DayOne = YesNo(section, "DayOne", defaults.DayOne, faults),
        };
        if (faults.Count > 0) throw new StartException("Rollouts", string.Join(" ", faults), "Correct these settings.");
        return settings;
    }

    static double Number(IConfigurationSection section, string key, double otherwise, double least, double most, List<string> faults)
    {
        if (section[key] is not { Length: > 0 } text) return otherwise;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Fault(faults, section, key, text, $"{least} to {most}");
        return otherwise;
    }

    static TimeSpan Span(IConfigurationSection section, string key, TimeSpan otherwise, TimeSpan most, List<string> faults)
    {
        if (section[key] is not { Length: > 0 } text) return otherwise;
        if (Platform.Api.Duration.TryParse(text, out var value) && value <= most) return value;
        Fault(faults, section, key, text, $"a duration such as 30s or 5m, at most {Platform.Api.Duration.Format(most)}");
        return otherwise;
    }

    static bool YesNo(IConfigurationSection section, string key, bool otherwise, List<string> faults) =>
        section[key] is not { Length: > 0 } text ? otherwise : bool.TryParse(text, out var yes) ? yes : Fault(faults, section, key, text, "true or false");

    static WhenInconclusive Choice(IConfigurationSection section, string key, WhenInconclusive otherwise, List<string> faults)
    {
        if (section[key] is not { Length: > 0 } text) return otherwise;
        if (Enum.GetNames<WhenInconclusive>().Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<WhenInconclusive>(text, ignoreCase: true);
        Fault(faults, section, key, text, "pause or rollBack");
        return otherwise;
    }

    static bool Fault(List<string> faults, IConfigurationSection section, string key, string value, string allowed)
    {
        faults.Add($"{section.Path}:{key} is '{value}'; allowed is {allowed}.");
        return false;
    }
}
