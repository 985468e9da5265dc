using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Statistics;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>Runs, sums of samples, and what looks said, in console.db.</summary>
internal sealed class ExperimentStore(ConsoleDatabase database)
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    const string Columns = "id, definition_json AS DefinitionJson, started_at AS StartedAt, sampled_at AS SampledAt, ended_at AS EndedAt, why_ended AS WhyEnded";

    public static string Definition(Experiment experiment) => JsonSerializer.Serialize(experiment, s_json);

    public async Task<IReadOnlyList<ExperimentRun>> OpenRunsAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>($"SELECT {Columns} FROM experiment_runs WHERE ended_at IS NULL ORDER BY id")).Select(r => r.ToRun())];
    }

    /// <summary>The newest run of an experiment, open or ended.</summary>
    public async Task<ExperimentRun?> NewestAsync(string key, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM experiment_runs WHERE key = @key ORDER BY id DESC LIMIT 1", new { key }))?.ToRun();
    }

    /// <summary>One open run a key: where there is one, nothing happens.</summary>
    public async Task BeginAsync(Experiment experiment, DateTimeOffset at, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync("INSERT INTO experiment_runs (key, definition_json, started_at) VALUES (@Key, @json, @at) ON CONFLICT DO NOTHING", new { experiment.Key, json = Definition(experiment), at });
    }

    public async Task EndAsync(long id, DateTimeOffset at, string why, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync("UPDATE experiment_runs SET ended_at = @at, why_ended = @why WHERE id = @id AND ended_at IS NULL", new { id, at, why });
    }

    /// <summary>
    /// Adds one round of samples, once: a round at or before the last one is passed over. Hosts seen in an arm for the first time join it; one
    /// that is seen outside of its arm has left, and what it measures from then on does not count.
    /// </summary>
    public async Task SampleAsync(long id, DateTimeOffset at, IReadOnlyCollection<HostArm> arms, IEnumerable<HostSample> samples, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await BeginRoundAsync(connection, transaction, id, at)) return;
        var drawn = (await HostsAsync(connection, transaction, id)).ToDictionary(h => (h.Tenant, h.HostKey));
        var joined = arms.Where(a => a.IsTreated is not null && !drawn.ContainsKey((a.Tenant, a.HostKey))).ToList();
        var left = arms.Where(a => drawn.TryGetValue((a.Tenant, a.HostKey), out var h) && h.LeftAt is null && h.IsTreated != a.IsTreated).ToList();
        await connection.ExecuteAsync("INSERT INTO experiment_hosts (run_id, tenant, host_key, treated, joined_at) VALUES (@id, @Tenant, @HostKey, @IsTreated, @at)", joined.Select(a => new { id, at, a.Tenant, a.HostKey, a.IsTreated }), transaction);
        await connection.ExecuteAsync("UPDATE experiment_hosts SET left_at = @at WHERE run_id = @id AND tenant = @Tenant AND host_key = @HostKey", left.Select(a => new { id, at, a.Tenant, a.HostKey }), transaction);
        var arm = drawn.Values.Where(h => h.LeftAt is null).Select(h => (h.Tenant, h.HostKey, h.IsTreated)).Concat(joined.Select(a => (a.Tenant, a.HostKey, IsTreated: a.IsTreated!.Value)))
            .Where(h => !left.Exists(a => a.Tenant == h.Tenant && a.HostKey == h.HostKey)).ToDictionary(h => (h.Tenant, h.HostKey), h => h.IsTreated);
        await connection.ExecuteAsync(
            """
            INSERT INTO experiment_samples (run_id, signal, tenant, host_key, treated, samples, total) VALUES (@id, @Signal, @Tenant, @HostKey, @treated, 1, @Value)
            ON CONFLICT (run_id, signal, tenant, host_key) DO UPDATE SET samples = samples + 1, total = total + @Value
            """, samples.Where(s => arm.ContainsKey((s.Tenant, s.HostKey))).Select(s => new { id, s.Signal, s.Tenant, s.HostKey, treated = arm[(s.Tenant, s.HostKey)], s.Value }), transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Adds one round of samples of the time before, once.</summary>
    public async Task SampleBeforeAsync(long id, DateTimeOffset at, IEnumerable<HostSample> samples, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await BeginRoundAsync(connection, transaction, id, at)) return;
        await connection.ExecuteAsync(
            """
            INSERT INTO experiment_before (run_id, signal, tenant, host_key, samples, total) VALUES (@id, @Signal, @Tenant, @HostKey, 1, @Value)
            ON CONFLICT (run_id, signal, tenant, host_key) DO UPDATE SET samples = samples + 1, total = total + @Value
            """, samples.Select(s => new { id, s.Signal, s.Tenant, s.HostKey, s.Value }), transaction);
        await transaction.CommitAsync(ct);
    }

    static async Task<bool> BeginRoundAsync(DbConnection connection, DbTransaction transaction, long id, DateTimeOffset at) =>
        await connection.ExecuteAsync("UPDATE experiment_runs SET sampled_at = @at WHERE id = @id AND ended_at IS NULL AND (sampled_at IS NULL OR sampled_at < @at)", new { id, at }, transaction) > 0;

    /// <summary>All hosts that were ever drawn into an arm of the run.</summary>
    public async Task<IReadOnlyList<ExperimentHost>> HostsAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await HostsAsync(connection, null, id);
    }

    static async Task<IReadOnlyList<ExperimentHost>> HostsAsync(DbConnection connection, DbTransaction? transaction, long id) =>
        [.. (await connection.QueryAsync<HostRow>("SELECT tenant, host_key AS HostKey, treated, joined_at AS JoinedAt, left_at AS LeftAt FROM experiment_hosts WHERE run_id = @id", new { id }, transaction))
            .Select(r => new ExperimentHost(r.Tenant, r.HostKey, r.Treated, r.JoinedAt, r.LeftAt))];

    /// <summary>Hosts' averages by signal, with those of the time before.</summary>
    public async Task<IReadOnlyList<ExperimentSample>> SamplesAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<SampleRow>(
            """
            SELECT s.signal, s.treated, s.total / s.samples AS Mean, b.total / b.samples AS Before
            FROM experiment_samples s LEFT JOIN experiment_before b ON b.run_id = s.run_id AND b.signal = s.signal AND b.tenant = s.tenant AND b.host_key = s.host_key
            WHERE s.run_id = @id
            """, new { id });
        static IReadOnlyList<BeforeAndNow> Arm(IEnumerable<SampleRow> rows, bool isTreated) => [.. rows.Where(r => r.Treated == isTreated).Select(r => new BeforeAndNow(r.Before, r.Mean))];
        return [.. rows.GroupBy(r => r.Signal).Select(g => new ExperimentSample(g.Key, Arm(g, false), Arm(g, true)))];
    }

    public async Task AddLookAsync(long id, ExperimentReport report, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync("INSERT INTO experiment_looks (run_id, look, at, report_json) VALUES (@id, @Look, @At, @json) ON CONFLICT DO NOTHING",
            new { id, report.Look, report.At, json = JsonSerializer.Serialize(report, s_json) });
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<ExperimentReport>> LooksAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. (await connection.QueryAsync<string>("SELECT report_json FROM experiment_looks WHERE run_id = @id ORDER BY look", new { id })).Select(j => JsonSerializer.Deserialize<ExperimentReport>(j, s_json)!)];
    }

    sealed class Row
    {
        public long Id { get; init; }
        public string DefinitionJson { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? SampledAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? WhyEnded { get; init; }

        public ExperimentRun ToRun() => new(Id, JsonSerializer.Deserialize<Experiment>(DefinitionJson, s_json)!, StartedAt, SampledAt, EndedAt, WhyEnded);
    }

    sealed class SampleRow
    {
        public string Signal { get; init; } = "";
        public bool Treated { get; init; }
        public double Mean { get; init; }
        public double? Before { get; init; }
    }

    sealed class HostRow
    {
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public bool Treated { get; init; }
        public DateTimeOffset JoinedAt { get; init; }
        public DateTimeOffset? LeftAt { get; init; }
    }
}
