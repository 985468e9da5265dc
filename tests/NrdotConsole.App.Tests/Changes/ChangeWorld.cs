using NrdotConsole.App.Platform.Rings;
using NrdotConsole.App.Platform.Lever;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Tests.Changes;

/// <summary>A console's Changes on a real database and a real repository, with accounts by name.</summary>
internal sealed class ChangeWorld : IDisposable
{
    public static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly TempDirectory _directory = new();

    public ChangeWorld()
    {
        Database = _directory.OpenDatabase(Time);
        Audit = new(Database, Time);
        Users = new(Database, Audit, Time);
        Repository = ConfigRepository.Open(_directory.Data, Time);
        Rings = new(new RingStore(Database), Time);
        Open();
    }

    public FakeTimeProvider Time { get; } = new(At);
    public ConsoleDatabase Database { get; }
    public AuditLog Audit { get; }
    public UserStore Users { get; }
    public ConfigRepository Repository { get; }
    public RingAssignments Rings { get; }
    public AgentDirectory Agents { get; } = new();
    public DesiredStates States { get; private set; } = null!;
    public ChangeStore Store { get; private set; } = null!;
    public SafetyLever Lever { get; private set; } = null!;
    public ChangeLife Life { get; private set; } = null!;

    /// <summary>What a restart does: everything in memory is new, rows and commits stay.</summary>
    public void Open()
    {
        Lever?.Dispose();
        Life?.Dispose();
        States = new(Repository);
        Store = new(Database, Audit, Time);
        Lever = new(Database, Audit, Time);
        Life = new(Store, Repository, States, new DryRunner(Rings, Agents, new SignalBoard(Time), new CollectorEndpoints("http://console:4318"), Time), new Approvers(Users), Lever, Time);
    }

    /// <summary>Accounts that may approve. An account from OpenID Connect can sign in without a set-up link.</summary>
    public async Task<ChangeWorld> WithAsync(params string[] operators)
    {
        await Lever.LoadAsync();
        foreach (var name in operators) Assert.Null((await Users.AddAsync(Actor.System, name, Roles.Operator, null, "issuer|" + name)).Fault);
        return this;
    }

    public static ChangeCommand By(string account, string? reason = null, int? version = null) => new(new(account, ActorKind.User), reason, version);

    public async Task<Change> DraftAsync(string author = "ann", string file = "notes.md", string text = "hello\n", bool emergency = false) =>
        Done(await Life.CreateAsync(new(author, ActorKind.User), new(ChangeKind.Config, "A note", emergency ? "the fleet burns" : "")
        {
            Edits = new Dictionary<string, string?> { [file] = text }, Emergency = emergency,
        }));

    public async Task<Change> ValidatedAsync(string author = "ann") => Done(await Life.ValidateAsync((await DraftAsync(author)).Id, By(author)));

    public async Task<Change> ApprovedAsync() => Done(await Life.ApproveAsync((await ValidatedAsync()).Id, By("bob")));

    public static Change Done(ChangeResult result)
    {
        Assert.True(result.Refusal is null, result.Refusal?.Detail);
        return result.Change!;
    }

    public static ChangeRefusal Refused(ChangeResult result)
    {
        Assert.NotNull(result.Refusal);
        return result.Refusal;
    }

    public void Dispose()
    {
        Lever.Dispose();
        Life.Dispose();
        Rings.Dispose();
        Database.Dispose();
        _directory.Dispose();
    }
}
