using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary>What a file of the config repository holds. <paramref name="Pattern"/> is a path; one <c>*</c> stands for a name within a folder.</summary>
/// <param name="Read">Reports what is wrong; the result is null only where nothing can be made of the file.</param>
internal sealed record ConfigSchema(string Pattern, string What, Func<Field, Links, object?> Read)
{
    public static readonly IReadOnlyList<ConfigSchema> All =
    [
        new("profiles.yaml", "How much of a host collectors send", ProfilesSchema.Read),
        new("classification.yaml", "Which processes matter, and how much", ClassificationSchema.Read),
        new("rings.yaml", "Rings of hosts and the order of rollouts", RingsSchema.Read),
        new("feature-flags.yaml", "Feature flags", FlagsSchema.Read),
        new("multi-tenant-config.yaml", "Tenants, their limits and profiles", TenantsSchema.Read),
        new("filters.yaml", "Metrics that no collector sends", FiltersSchema.Read),
        new("changes.yaml", "Reviews of Changes, and freeze windows", ChangesSchema.Read),
        new("experiments.yaml", "Experiments: what is compared, and what is hoped of it", ExperimentsSchema.Read),
        new("budgets.yaml", "Budgets and what happens when they run out", BudgetsSchema.Read),
        new("slos.yaml", "Service level objectives", SlosSchema.Read),
        new("synthetics.yaml", "Synthetic checks", SyntheticsSchema.Read),
        new("chaos-scenarios.yaml", "Chaos scenarios", ChaosSchema.Read),
        new("predictive-maintenance.yaml", "Failure models", PredictionsSchema.Read),
        new("monitoring-layers.yaml", "Metrics by layer", LayersSchema.Read),
        new("secrets.yaml", "Where secrets are kept: references, never values", SecretsSchema.Read),
        new("deploy-nrdot.yml", "Ansible playbook of the deployment", PlaybookSchema.Read),
    ];

    public static ConfigSchema? Of(string path) => All.FirstOrDefault(s => s.Pattern == path);

    /// <summary>What a file is for, in a few words; null where the console does not read it.</summary>
    public static string? Describe(string path) => Of(path)?.What ?? (RunbookSchema.IsRunbook(path) ? "Runbook" : null);
}
