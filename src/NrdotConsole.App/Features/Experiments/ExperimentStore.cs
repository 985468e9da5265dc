using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Experiments;

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

    /// <summary>Adds one round of samples, once: a round at or before the last one is passed over.</summary>
    public async Task SampleAsync(long id, DateTimeOffset at, IEnumerable<HostSample> samples, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync("UPDATE experiment_runs SET sampled_at = @at WHERE id = @id AND ended_at IS NULL AND (sampled_at IS NULL OR sampled_at < @at)", new { id, at }, transaction) == 0) return;
        await connection.ExecuteAsync(
            """
            INSERT INTO experiment_samples (run_id, signal, tenant, host_key, treated, samples, total) VALUES (@id, @Signal, @Tenant, @HostKey, @IsTreated, 1, @Value)
            ON CONFLICT (run_id, signal, tenant, host_key) DO UPDATE SET samples = samples + 1, total = total + @Value WHERE treated = @IsTreated
            """, samples.Select(s => new { id, s.Signal, s.Tenant, s.HostKey, s.IsTreated, s.Value }), transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Hosts' averages by signal, and how many hosts each arm has.</summary>
    public async Task<(IReadOnlyList<ExperimentSample> Samples, int Control, int Treatment)> SamplesAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = (await connection.QueryAsync<SampleRow>("SELECT signal, tenant, host_key AS HostKey, treated, total / samples AS Mean FROM experiment_samples WHERE run_id = @id", new { id })).AsList();
        var hosts = rows.Select(r => (r.Tenant, r.HostKey, r.Treated)).Distinct().ToList();
        return (
            [.. rows.GroupBy(r => r.Signal).Select(g => new ExperimentSample(g.Key, [.. g.Where(r => !r.Treated).Select(r => r.Mean)], [.. g.Where(r => r.Treated).Select(r => r.Mean)]))],
            hosts.Count(h => !h.Treated), hosts.Count(h => h.Treated));
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
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public bool Treated { get; init; }
        public double Mean { get; init; }
    }
}
