using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>What one host measured before a wave.</summary>
internal sealed record BaselineHost(string Tenant, string HostKey, bool IsTreated, HostMeasures Measures);

/// <summary>The journal of rollouts in console.db. A save is one transaction: the state, the agents that changed, the configurations new to it, and what it poisons.</summary>
internal sealed class RolloutStore(ConsoleDatabase database, PoisonList poison)
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>A rollout that is there already is left as it is.</summary>
    public async Task AddAsync(Rollout rollout, IEnumerable<CollectorConfig> configs, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            """
            INSERT INTO rollouts (id, phase, plan_json, state_json, moves_json, started_at) VALUES (@Id, @phase, @plan, @state, @moves, @StartedAt) ON CONFLICT DO NOTHING
            """,
            new { rollout.Id, phase = rollout.State.Phase.ToString(), plan = Write(rollout.Plan), state = Header(rollout.State), moves = Write(rollout.Moves), rollout.State.StartedAt }, transaction);
        await WriteAgentsAsync(transaction, rollout, rollout.State.Agents.Values);
        await WriteConfigsAsync(transaction, rollout.Id, configs);
        await transaction.CommitAsync(ct);
    }

    /// <param name="failure">Why the configurations of its agents are poisoned by this very step; null where they are not.</param>
    public async Task SaveAsync(Rollout before, Rollout after, IEnumerable<CollectorConfig> configs, string? failure, CancellationToken ct = default)
    {
        var changed = after.State.Agents.Where(a => !ReferenceEquals(before.State.Agents.GetValueOrDefault(a.Key), a.Value)).Select(a => a.Value);
        var gone = before.State.Agents.Keys.Where(uid => !after.State.Agents.ContainsKey(uid)).ToList();
        var poisoned = failure is null ? [] : after.State.Agents.Values.Where(a => a.IsTouched && a.Attempts.Any(t => t.Hash == a.Target.TargetHash)).GroupBy(a => a.Target.TargetHash).ToList();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var state = after.State;
        await connection.ExecuteAsync(
            "UPDATE rollouts SET phase = @phase, state_json = @state, applied_at = @AppliedAt, back_from = @RollbackStartedAt, back_at = @RolledBackAt WHERE id = @Id",
            new { after.Id, phase = state.Phase.ToString(), state = Header(state), state.AppliedAt, state.RollbackStartedAt, state.RolledBackAt }, transaction);
        await WriteAgentsAsync(transaction, after, changed);
        foreach (var uids in gone.Chunk(500)) await connection.ExecuteAsync("DELETE FROM rollout_agents WHERE rollout_id = @Id AND uid IN @uids", new { after.Id, uids }, transaction);
        await WriteConfigsAsync(transaction, after.Id, configs);
        foreach (var group in poisoned)
            await poison.AddAsync(transaction, group.Key, after.Id, failure!, group.Count(), group.Count(a => a.Attempts.Any(t => t.Hash == group.Key && t.Outcome is AgentState.Failed or AgentState.Timeout or AgentState.NotReporting)));
        await transaction.CommitAsync(ct);
        foreach (var group in poisoned) poison.Added(group.Key, failure!);
    }

    public async Task<Rollout?> FindAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<Row>("SELECT id, plan_json AS PlanJson, state_json AS StateJson, moves_json AS MovesJson FROM rollouts WHERE id = @id", new { id }) is not { } row) return null;
        var agents = (await connection.QueryAsync<AgentRow>(
            """
            SELECT uid, tenant, host_key AS HostKey, host_name AS HostName, ring, target_hash AS TargetHash, previous_hash AS PreviousHash, state, was_absent AS WasAbsent,
                   attempts_json AS AttemptsJson, series_ratio AS SeriesRatio, cost_ratio AS CostRatio
            FROM rollout_agents WHERE rollout_id = @id
            """, new { id })).AsList();
        var state = Read<RolloutState>(row.StateJson) with { Agents = agents.ToImmutableDictionary(a => a.Uid, a => a.ToProgress()) };
        return new(row.Id, Read<RolloutPlan>(row.PlanJson), state, Read<List<RingMove>>(row.MovesJson), agents.ToDictionary(a => a.Uid, a => new Expectation(a.SeriesRatio, a.CostRatio)));
    }

    /// <summary>Numbers of rollouts, newest first.</summary>
    public async Task<Page<long>> PageAsync(PageRequest page, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var ids = await connection.QueryAsync<long>("SELECT id FROM rollouts ORDER BY started_at DESC, id DESC LIMIT @Limit OFFSET @Offset", new { page.Limit, page.Offset });
        return new(ids.AsList(), await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM rollouts"), page.Offset, page.Limit);
    }

    /// <summary>How long the last rollout took to apply, and the last rollback; null before the first.</summary>
    public async Task<(TimeSpan? Forward, TimeSpan? Back)> LastDurationsAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var forward = await connection.ExecuteScalarAsync<long?>("SELECT applied_at - started_at FROM rollouts WHERE applied_at IS NOT NULL ORDER BY applied_at DESC LIMIT 1");
        var back = await connection.ExecuteScalarAsync<long?>("SELECT back_at - back_from FROM rollouts WHERE back_at IS NOT NULL ORDER BY back_at DESC LIMIT 1");
        return (forward is { } f ? TimeSpan.FromMilliseconds(f) : null, back is { } b ? TimeSpan.FromMilliseconds(b) : null);
    }

    public async Task<CollectorConfig?> ConfigAsync(long id, string hash, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<string>("SELECT yaml FROM rollout_configs WHERE rollout_id = @id AND hash = @hash", new { id, hash }) is { } yaml ? new(yaml, hash) : null;
    }

    public async Task<IReadOnlyList<BaselineHost>?> BaselineAsync(long id, int wave, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<string>("SELECT hosts_json FROM rollout_baselines WHERE rollout_id = @id AND wave = @wave", new { id, wave }) is { } json
            ? Read<List<BaselineHost>>(json) : null;
    }

    /// <summary>The first one stands: after it, the wave is being treated.</summary>
    public async Task SetBaselineAsync(long id, int wave, DateTimeOffset at, IReadOnlyList<BaselineHost> hosts, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync("INSERT INTO rollout_baselines (rollout_id, wave, at, hosts_json) VALUES (@id, @wave, @at, @json) ON CONFLICT DO NOTHING", new { id, wave, at, json = Write(hosts) });
    }

    public async Task AddGateAsync(long id, GateJudgement gate, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(
            """
            INSERT INTO rollout_gates (rollout_id, wave, look, at, verdict, reason, results_json) VALUES (@id, @Wave, @Look, @At, @verdict, @Reason, @results) ON CONFLICT DO NOTHING
            """, new { id, gate.Wave, gate.Look, gate.At, verdict = gate.Verdict.ToString(), gate.Reason, results = Write(gate.Results) });
    }

    /// <summary>Every look, oldest first; of <paramref name="lastOnly"/> the last of each wave.</summary>
    public async Task<IReadOnlyList<GateJudgement>> GatesAsync(long id, bool lastOnly, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<GateRow>(
            $"""
             SELECT wave, look, at, verdict, reason, results_json AS ResultsJson FROM rollout_gates g WHERE rollout_id = @id
             {(lastOnly ? "AND look = (SELECT max(look) FROM rollout_gates WHERE rollout_id = @id AND wave = g.wave)" : "")} ORDER BY wave, look
             """, new { id });
        return [.. rows.Select(r => new GateJudgement(r.Wave, r.Look, r.At, Enum.Parse<GateVerdict>(r.Verdict), r.Reason, Read<List<GateResult>>(r.ResultsJson)))];
    }

    static Task<int> WriteAgentsAsync(DbTransaction transaction, Rollout rollout, IEnumerable<AgentProgress> agents) => transaction.Connection!.ExecuteAsync(
        """
        INSERT INTO rollout_agents (rollout_id, uid, tenant, host_key, host_name, ring, target_hash, previous_hash, state, was_absent, attempts_json, series_ratio, cost_ratio)
        VALUES (@Id, @Uid, @Tenant, @HostKey, @HostName, @Ring, @TargetHash, @PreviousHash, @state, @WasAbsent, @attempts, @SeriesRatio, @CostRatio)
        ON CONFLICT (rollout_id, uid) DO UPDATE SET ring = @Ring, target_hash = @TargetHash, previous_hash = @PreviousHash, state = @state, was_absent = @WasAbsent, attempts_json = @attempts
        """,
        agents.Select(a =>
        {
            var expected = rollout.Expected.GetValueOrDefault(a.Target.Uid, Expectation.None);
            return new
            {
                rollout.Id, a.Target.Uid, a.Target.Tenant, a.Target.HostKey, a.Target.HostName, a.Target.Ring, a.Target.TargetHash, a.Target.PreviousHash,
                state = a.State.ToString(), a.WasAbsent, attempts = Write(a.Attempts), expected.SeriesRatio, expected.CostRatio,
            };
        }), transaction);

    static Task<int> WriteConfigsAsync(DbTransaction transaction, long id, IEnumerable<CollectorConfig> configs) => transaction.Connection!.ExecuteAsync(
        "INSERT INTO rollout_configs (rollout_id, hash, yaml) VALUES (@id, @Hash, @Yaml) ON CONFLICT DO NOTHING", configs.Select(c => new { id, c.Hash, c.Yaml }), transaction);

    static string Header(RolloutState state) => Write(state with { Agents = ImmutableDictionary<string, AgentProgress>.Empty });

    static string Write<T>(T value) => JsonSerializer.Serialize(value, s_json);

    static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, s_json)!;

    sealed class Row
    {
        public long Id { get; init; }
        public string PlanJson { get; init; } = "";
        public string StateJson { get; init; } = "";
        public string MovesJson { get; init; } = "";
    }

    sealed class GateRow
    {
        public int Wave { get; init; }
        public int Look { get; init; }
        public DateTimeOffset At { get; init; }
        public string Verdict { get; init; } = "";
        public string Reason { get; init; } = "";
        public string ResultsJson { get; init; } = "";
    }

    sealed class AgentRow
    {
        public string Uid { get; init; } = "";
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public string HostName { get; init; } = "";
        public int Ring { get; init; }
        public string TargetHash { get; init; } = "";
        public string PreviousHash { get; init; } = "";
        public string State { get; init; } = "";
        public bool WasAbsent { get; init; }
        public string AttemptsJson { get; init; } = "";
        public double SeriesRatio { get; init; }
        public double CostRatio { get; init; }

        public AgentProgress ToProgress() => new(
            new(Uid, Tenant, HostKey, HostName, Ring, TargetHash, PreviousHash), Enum.Parse<AgentState>(State), WasAbsent, Read<ImmutableArray<RolloutAttempt>>(AttemptsJson));
    }
}
