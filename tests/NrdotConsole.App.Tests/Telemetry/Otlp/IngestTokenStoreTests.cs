using Dapper;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Otlp;

public sealed class IngestTokenStoreTests : IDisposable
{
    readonly TempDirectory _directory = new();
    readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    readonly ConsoleDatabase _database;
    readonly AuditLog _audit;

    public IngestTokenStoreTests()
    {
        _database = _directory.OpenDatabase(_time);
        _audit = new(_database, _time);
    }

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    IngestTokenStore Open() => new(_database, _audit, _time);

    [Fact]
    public async Task The_first_start_makes_one_token_and_later_ones_none()
    {
        using var first = Open();
        var secret = await first.LoadAsync(null);
        Assert.StartsWith("nri_", secret);
        Assert.NotNull(first.Find(secret));
        using var second = Open();
        Assert.Null(await second.LoadAsync(null));
        Assert.NotNull(second.Find(secret));
    }

    [Fact]
    public async Task A_bootstrap_token_is_made_once_and_never_shown()
    {
        const string given = "a-token-of-the-operator";
        using var first = Open();
        Assert.Null(await first.LoadAsync(given));
        Assert.NotNull(first.Find(given));
        using var second = Open();
        Assert.Null(await second.LoadAsync(given));
        Assert.Single(second.List());
    }

    [Fact]
    public async Task A_secret_is_kept_nowhere()
    {
        using var store = Open();
        var secret = (await store.LoadAsync(null))!;
        await using var connection = await _database.OpenAsync();
        var row = string.Join('|', (await connection.QuerySingleAsync("SELECT name, token_hash, hint, created_by FROM ingest_tokens")) as IDictionary<string, object> is { } r ? r.Values : []);
        Assert.DoesNotContain(secret[12..], row);
    }

    [Fact]
    public async Task Revoked_and_expired_tokens_are_refused_and_each_deed_is_audited()
    {
        using var store = Open();
        await store.LoadAsync("a-token-of-the-operator");
        var (revoked, _) = await store.CreateAsync(new("ann", ActorKind.User), "one", "prod", null);
        var (expiring, _) = await store.CreateAsync(new("ann", ActorKind.User), "two", null, _time.GetUtcNow().AddHours(1));
        var token = store.Find(revoked)!;
        Assert.Equal("prod", token.Tenant);
        Assert.True(await store.RevokeAsync(new("ann", ActorKind.User), token.Id));
        Assert.False(await store.RevokeAsync(new("ann", ActorKind.User), token.Id));
        Assert.Null(store.Find(revoked));
        Assert.NotNull(store.Find(expiring));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(store.Find(expiring));
        var (rows, _) = await _audit.ReadAsync(new(Actor: "ann"), 0, 10);
        Assert.Equal(["ingest_token.revoke", "ingest_token.add", "ingest_token.add"], rows.Select(r => r.Action));
    }

    [Fact]
    public async Task Faults_of_the_caller_are_named()
    {
        using var store = Open();
        Assert.Equal("name", (await store.CreateAsync(Actor.System, " ", null, null)).Fault!.Field);
        Assert.Equal("tenant", (await store.CreateAsync(Actor.System, "x", new string('t', 101), null)).Fault!.Field);
        Assert.Equal("tenant", (await store.CreateAsync(Actor.System, "x", ReservedTenant.Name, null)).Fault!.Field);
        Assert.Equal("expiresAt", (await store.CreateAsync(Actor.System, "x", null, _time.GetUtcNow())).Fault!.Field);
    }

    [Fact]
    public async Task When_a_token_was_last_used_survives_a_restart()
    {
        using var store = Open();
        var secret = (await store.LoadAsync(null))!;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(store.Find(secret));
        await store.SaveLastUsedAsync();
        using var later = Open();
        await later.LoadAsync(null);
        Assert.Equal(_time.GetUtcNow(), later.List()[0].LastUsedAt);
    }
}
