using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>What a configuration does to a host that runs it, beside what the dry run said it would.</summary>
internal sealed record Effect(double SeriesFactor = 1, double CriticalLost = 0, double CrashChance = 0, double AcceptanceLost = 0, double Expected = 1);

/// <summary>
/// A seeded fleet under the real machine and the real gate, in simulated seconds: hosts of different sizes whose load wanders together and
/// alone, scraped every <see cref="Interval"/> s, agents that take their time and now and then are ill for reasons of their own.
/// </summary>
internal sealed class TrialFleet
{
    public const int Interval = 15;

    public static readonly RolloutPace Pace = RolloutPace.Default with
    {
        Concurrency = 40, ApplyTimeout = TimeSpan.FromSeconds(60), Soak = TimeSpan.FromSeconds(90), MaxSoak = TimeSpan.FromSeconds(600), LookEvery = TimeSpan.FromSeconds(15),
    };

    readonly Random _random;
    readonly Effect _effect;
    readonly List<Host> _hosts = [];
    readonly GateJudge _judge;
    readonly Dictionary<int, Dictionary<string, HostMeasures>> _baselines = [];
    double _commonLoad;
    int _second;

    sealed class Host
    {
        public required RolloutTarget Target { get; init; }
        public required double Series { get; init; }
        public required double Noise { get; init; }
        public required int Critical { get; init; }
        public double Load, Minted;
        public string Assigned = "old", Reported = "old";
        public ConfigAnswer Answer = ConfigAnswer.Applied;
        public int AnswersAt, AppliedAt = int.MaxValue;
        public bool IsIll, WillCrash;
        public HostMeasures Newest = null!;
        public int ScrapedAt;
    }

    public TrialFleet(int seed, int hosts, Effect effect)
    {
        (_random, _effect) = (new(seed), effect);
        Plan = RolloutPlan.Of(RingPlan.Default, Pace);
        _judge = new(GateRules.Default, Plan.Waves.Count, Pace.Looks);
        for (var i = 0; i < hosts; i++)
        {
            var share = (i + 0.5) / hosts;
            var ring = share < 0.05 ? 4 : share < 0.2 ? 3 : share < 0.4 ? 2 : share < 0.6 ? 1 : 0;
            _hosts.Add(new()
            {
                Target = new($"a{i:0000}", "prod", $"h{i}", $"h{i}", ring, "new", "old"), Series = Math.Exp(5 + (0.7 * Gauss())), Noise = 0.01 + (0.05 * _random.NextDouble()),
                Critical = 3 + _random.Next(8), WillCrash = _random.NextDouble() < effect.CrashChance,
            });
        }
        foreach (var host in _hosts) Scrape(host);
        State = RolloutState.Start(Plan, _hosts.Select(h => h.Target), At);
        _baselines[0] = Baseline();
    }

    public RolloutPlan Plan { get; }
    public RolloutState State { get; private set; }
    public GateJudgement? Last { get; private set; }
    DateTimeOffset At => DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(_second);

    /// <summary>Until it is finished, paused, or a second wave has begun and <paramref name="firstRingOnly"/>.</summary>
    public void Run(bool firstRingOnly)
    {
        GateAnswer? answer = null;
        for (; _second < 20_000 && !State.IsFinished && State.PausedBecause is null && !(firstRingOnly && State.HasBegun(1)); _second++)
        {
            Live();
            if (_second % 3 != 0) continue;
            var facts = new RolloutFacts(At, [.. _hosts.Select(h => h.Target)], _hosts.ToDictionary(h => h.Target.Uid, h => new AgentFact(true, At, h.Assigned, h.Reported, h.Answer, "it crashes")))
            {
                Gate = answer,
            };
            var step = RolloutMachine.Step(Plan, State, facts);
            State = step.State;
            if (!_baselines.ContainsKey(State.Wave)) _baselines[State.Wave] = Baseline();
            answer = null;
            foreach (var action in step.Actions)
            {
                if (action is RolloutAction.Assign assign) Assign(assign);
                if (action is not RolloutAction.Judge judge) continue;
                Last = _judge.Judge(judge.Wave, judge.Look, At, Evidence(judge.Wave));
                answer = new(judge.Wave, judge.Look, Last.Verdict, Last.Reason);
            }
        }
    }

    void Assign(RolloutAction.Assign assign)
    {
        foreach (var uid in assign.Uids)
        {
            var host = _hosts[int.Parse(uid.AsSpan(1))];
            (host.Assigned, host.AnswersAt) = (assign.Hash, _second + 1 + _random.Next(8));
        }
    }

    void Live()
    {
        _commonLoad = (0.98 * _commonLoad) + (0.01 * Gauss());
        foreach (var host in _hosts)
        {
            host.Load = (0.98 * host.Load) + (host.Noise * 0.2 * Gauss());
            if (_random.NextDouble() < 2e-6) host.IsIll = true;
            if (host.IsIll && _random.NextDouble() < 0.01) host.IsIll = false;
            if (host.Reported != host.Assigned && _second >= host.AnswersAt)
            {
                var crashes = host.Assigned == "new" && host.WillCrash;
                (host.Reported, host.Answer, host.AppliedAt) = (host.Assigned, crashes ? ConfigAnswer.Failed : ConfigAnswer.Applied, host.Assigned == "new" && !crashes ? _second : int.MaxValue);
            }
            if ((_second + host.Target.Uid.GetHashCode(StringComparison.Ordinal)) % Interval == 0) Scrape(host);
        }
    }

    void Scrape(Host host)
    {
        var isTreated = host.AppliedAt < _second;
        var factor = isTreated ? _effect.SeriesFactor : 1;
        var series = host.Series * factor * Math.Exp(_commonLoad + host.Load + (0.2 * host.Noise * Gauss()));
        host.Minted += host.ScrapedAt < host.AppliedAt && isTreated ? Math.Max(0, host.Series * (factor - 1)) : series * 0.001;
        // Each critical process may miss a scrape; a treated host has lost some for good.
        var lost = isTreated ? (int)Math.Ceiling(_effect.CriticalLost * host.Critical) : 0;
        var fresh = Enumerable.Range(0, host.Critical - lost).Count(_ => _random.NextDouble() > 0.003);
        host.ScrapedAt = _second;
        host.Newest = new(
            Math.Clamp(0.998 + (0.002 * Gauss()) - (isTreated ? _effect.AcceptanceLost : 0), 0, 1), Math.Clamp(0.05 + (0.03 * Gauss()), 0, 1), 0, fresh, host.Critical,
            (int)series, (long)host.Minted, 1e-4 * series * Math.Exp(0.03 * Gauss()), host.IsIll);
    }

    Dictionary<string, HostMeasures> Baseline() => _hosts.ToDictionary(h => h.Target.HostKey, h => h.Newest);

    List<GateHost> Evidence(int wave)
    {
        var evidence = new List<GateHost>();
        foreach (var host in _hosts)
        {
            var ofWave = Plan.WaveOf(host.Target.Ring);
            if (ofWave < wave) continue;
            var isTreated = ofWave == wave;
            evidence.Add(new("prod", host.Target.HostKey, isTreated, _baselines[wave][host.Target.HostKey], !isTreated || host.ScrapedAt > host.AppliedAt + Interval ? host.Newest : null, host.IsIll)
            {
                ExpectedSeriesRatio = _effect.Expected, ExpectedCostRatio = _effect.Expected,
            });
        }
        return evidence;
    }

    double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
