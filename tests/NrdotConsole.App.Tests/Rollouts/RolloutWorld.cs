using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.Lever;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Rollouts;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rollouts;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Rollouts;

/// <summary>
/// The engine on a real database and a real repository; agents and their telemetry are simulated outside of the console, so they outlive
/// its crashes. <see cref="Open"/> is a start: everything in memory is new.
/// </summary>
internal sealed class RolloutWorld : IDisposable
{
    public static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One that the shipped files give no profile: its hosts have the default.</summary>
    public const string Tenant = "shop";

    readonly TempDirectory _directory = new();
    readonly RolloutSettings _settings;
    readonly List<SimAgent> _agents = [];

    /// <summary>A host and its collector.</summary>
    internal sealed class SimAgent(int number)
    {
        public string Uid { get; } = new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]).ToString();
        public string HostKey { get; } = $"h{number:0000}";
        public string? Reported { get; set; }

        /// <summary>What it ran before any change.</summary>
        public string? Old { get; set; }
        public RemoteConfigStatuses Status { get; set; }
        public bool IsConnected { get; set; } = true;

        /// <summary>What it was sent, in order, without repetition of the same.</summary>
        public List<string> Taken { get; private init; } = [];

        public SimAgent Copy() => new(number) { Reported = Reported, Old = Old, Status = Status, IsConnected = IsConnected, Taken = [.. Taken] };
    }

    public RolloutWorld(int agents, RolloutSettings? settings = null)
    {
        _settings = settings ?? new RolloutSettings { ReconnectGrace = TimeSpan.FromMilliseconds(1), LongestExtension = TimeSpan.FromSeconds(20) };
        Time = new(At);
        for (var i = 1; i <= agents; i++) _agents.Add(new(i));
        Open();
    }

    /// <summary>The same console, files and agents, in a directory of its own. The template must be closed.</summary>
    public RolloutWorld(RolloutWorld template)
    {
        (_settings, SeriesFactor, BadFrom) = (template._settings, template.SeriesFactor, template.BadFrom);
        Time = new(template.Time.GetUtcNow());
        _agents.AddRange(template._agents.Select(a => a.Copy()));
        foreach (var file in System.IO.Directory.EnumerateFiles(template._directory.Data.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_directory.Data.Path, Path.GetRelativePath(template._directory.Data.Path, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        Open();
    }

    public CrashTime Time { get; }
    public ConsoleDatabase Database { get; private set; } = null!;
    public AuditLog Audit { get; private set; } = null!;
    public ConfigRepository Repository { get; private set; } = null!;
    public RingAssignments Rings { get; private set; } = null!;
    public DesiredStates States { get; private set; } = null!;
    public ChangeStore Changes { get; private set; } = null!;
    public ChangeLife Life { get; private set; } = null!;
    public SafetyLever Lever { get; private set; } = null!;
    public AgentDirectory Directory { get; private set; } = null!;
    public ConfigAssignments Assignments { get; private set; } = null!;
    public SignalBoard Board { get; private set; } = null!;
    public RolloutStore Store { get; private set; } = null!;
    public PoisonList Poison { get; private set; } = null!;
    public RolloutFleet Fleet { get; private set; } = null!;
    public RolloutEngine Engine { get; private set; } = null!;
    public Newcomers Newcomers { get; private set; } = null!;
    public IReadOnlyList<SimAgent> Agents => _agents;

    /// <summary>Series of a host that has taken a configuration since the change began, over before.</summary>
    public double SeriesFactor { get; set; } = 1;

    /// <summary>The factor holds for hosts of this ring and those below it: 4 for all.</summary>
    public int BadFrom { get; set; } = 4;

    /// <summary>Agents that are sent this hash answer that they cannot run it.</summary>
    public Func<SimAgent, string, bool> Fails { get; set; } = (_, _) => false;

    /// <summary>When an agent's collector began; null: it does not tell.</summary>
    public Func<SimAgent, DateTimeOffset?> Began { get; set; } = _ => null;

    public void Open()
    {
        Close();
        Database = _directory.OpenDatabase(Time);
        Audit = new(Database, Time);
        Repository = ConfigRepository.Open(_directory.Data, Time);
        States = new(Repository);
        Rings = new(new RingStore(Database), Time);
        Rings.LoadAsync().GetAwaiter().GetResult();
        Directory = new();
        var bodies = new ConfigBodies(Database, Time);
        Assignments = new(Database, Directory, bodies, Audit, Time);
        Board = new(Time);
        Changes = new(Database, Audit, Time);
        Lever = new(Database, Audit, Time);
        Lever.LoadAsync().GetAwaiter().GetResult();
        Life = new(Changes, Repository, States, new DryRunner(Rings, Directory, Board, new CollectorEndpoints("http://console:4318"), Time), new Approvers(new UserStore(Database, Audit, Time)), Lever, Time);
        Poison = new(Database, Audit, Time);
        Poison.LoadAsync().GetAwaiter().GetResult();
        Store = new(Database, Poison);
        Fleet = new(Directory, new AgentComponents(Time), Assignments, Rings, Board, new CollectorEndpoints("http://console:4318"), _settings);
        Engine = new(Store, Poison, Changes, Life, Lever, States, Fleet, new GateKeeper(Board, Fleet), Board, Audit, _settings, Time);
        Newcomers = new(Fleet, States, Engine, Poison, _settings);
        using var connection = Database.OpenAsync().AsTask().GetAwaiter().GetResult();
        var assigned = connection.Query<(string Uid, string Hash)>("SELECT uid, hash FROM agent_assignments").ToDictionary(a => a.Uid, a => a.Hash);
        foreach (var agent in _agents)
        {
            Directory.Add(new(Guid.Parse(agent.Uid), new Agent(agent.Uid, Tenant, agent.HostKey, agent.HostKey)
            {
                Capabilities = AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig, Connected = agent.IsConnected, LastSeen = Time.GetUtcNow(),
                AssignedHash = assigned.GetValueOrDefault(agent.Uid), ReportedHash = agent.Reported, Status = agent.Status,
            }));
        }
        Measure();
    }

    public void Close()
    {
        Engine?.Dispose();
        Life?.Dispose();
        Lever?.Dispose();
        Assignments?.Dispose();
        Rings?.Dispose();
        Database?.Dispose();
    }

    /// <summary>All hosts have rings and what main says; an account exists that may approve.</summary>
    public async Task<RolloutWorld> SettleAsync()
    {
        await new UserStore(Database, Audit, Time).AddAsync(Actor.System, "ann", Roles.Operator, null, "issuer|ann");
        await Rings.SeeAsync(States.Current.Rings, [.. _agents.Select(a => new Core.Desired.HostIdentity(Tenant, a.HostKey, a.HostKey))]);
        await Newcomers.GreetAsync();
        Live();
        foreach (var agent in _agents)
        {
            agent.Taken.Clear();
            agent.Old = agent.Reported;
        }
        return this;
    }

    /// <summary>A change of every host's profile that is rolling.</summary>
    public async Task<Change> StartAsync(string profile = "conservative", RolloutOptions? options = null)
    {
        var text = Repository.File(Repository.Head, "profiles.yaml")!.Text;
        var current = text.Split('\n').Single(l => l.StartsWith("default: ", StringComparison.Ordinal));
        var draft = await Life.CreateAsync(new("ann", ActorKind.User), new(ChangeKind.Profile, $"Everybody on {profile}", "costs")
        {
            Edits = new Dictionary<string, string?> { ["profiles.yaml"] = text.Replace(current, $"default: {profile}", StringComparison.Ordinal) },
            Rollout = options ?? RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(4), Concurrency = 50, ApplyTimeout = TimeSpan.FromSeconds(20) },
        });
        var id = Done(draft).Id;
        Done(await Life.ValidateAsync(id, By()));
        Done(await Life.ApproveAsync(id, By()));
        return Done(await Life.StartAsync(id, By()));
    }

    static readonly CollectorHealth s_alive = new(null, null, null, null, null, null, null, null, null);

    public static ChangeCommand By(string? reason = null) => new(new("ann", ActorKind.User), reason);

    public static Change Done(ChangeResult result)
    {
        Assert.True(result.Refusal is null, result.Refusal?.Title + " " + result.Refusal?.Detail);
        return result.Change!;
    }

    /// <summary>Agents take what they are assigned and send a scrape; the engine steps; a second passes.</summary>
    public async Task TickAsync()
    {
        Live();
        Measure();
        Time.IsArmed = true;
        try
        {
            await Newcomers.GreetAsync();
            await Engine.StepAsync();
        }
        finally
        {
            Time.IsArmed = false;
        }
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    public async Task RunAsync(int ticks, Func<bool> until)
    {
        for (var i = 0; i < ticks && !until(); i++) await TickAsync();
    }

    public async Task<Change> ChangeAsync(long id) => (await Changes.FindAsync(id))!;

    /// <summary>Runs until the change moves no more.</summary>
    public async Task<Change> FinishAsync(long id, int ticks = 200)
    {
        for (var i = 0; i < ticks; i++)
        {
            if (await ChangeAsync(id) is var change && !ChangeStates.IsMoving(change.State)) return change;
            await TickAsync();
        }
        return await ChangeAsync(id);
    }

    void Live()
    {
        foreach (var agent in _agents)
        {
            if (Directory.Entry(agent.Uid) is not { } entry) continue;
            var current = entry.Current;
            if (agent.IsConnected && current.AssignedHash is { } assigned && assigned != agent.Reported)
            {
                agent.Taken.Add(assigned);
                (agent.Reported, agent.Status) = (assigned, Fails(agent, assigned) ? RemoteConfigStatuses.Failed : RemoteConfigStatuses.Applied);
            }
            Directory.Publish(entry, current with { Connected = agent.IsConnected, LastSeen = agent.IsConnected ? Time.GetUtcNow() : current.LastSeen, ReportedHash = agent.Reported, Status = agent.Status });
        }
    }

    void Measure()
    {
        var rows = _agents.Select(agent =>
        {
            var series = (int)(300 * (agent.Old is not null && agent.Reported != agent.Old && agent.Status == RemoteConfigStatuses.Applied && Rings.RingOf(Tenant, agent.HostKey) <= BadFrom ? SeriesFactor : 1));
            return new HostRow(Tenant, agent.HostKey, agent.HostKey, HostHealth.Healthy, "", "", "", "linux", Time.GetUtcNow(), series, series, 0.001m * series, 1, 0, Began(agent) is { } began ? s_alive with { Uptime = Time.GetUtcNow() - began, At = Time.GetUtcNow() } : null)
            {
                CriticalKnown = 5, CriticalReporting = 5, SeriesInScrape = series, ProcessSeriesInScrape = series, IntervalMs = 500,
            };
        }).ToList();
        Board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, Time.GetUtcNow(), rows.Count, new Dictionary<HostHealth, int> { [HostHealth.Healthy] = rows.Count }, rows));
    }

    public void Dispose()
    {
        Close();
        _directory.Dispose();
    }
}
