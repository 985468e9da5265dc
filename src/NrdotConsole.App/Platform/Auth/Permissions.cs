namespace NrdotConsole.App.Platform.Auth;

/// <summary>What a person or an API token may do. Roles and token scopes are sets of these; each is an authorization policy of the same name.</summary>
internal static class Permissions
{
    /// <summary>Live panels, hosts, metrics, queries: every role.</summary>
    public const string TelemetryRead = "telemetry.read";

    /// <summary>Saying what an anomaly was: labels of verdicts, and reports of anomalies that no verdict told: operator, admin.</summary>
    public const string AnomaliesLabel = "anomalies.label";

    /// <summary>Cost figures and reports: manager, operator, admin.</summary>
    public const string CostRead = "cost.read";

    /// <summary>Ingest tokens and ingest limits: admin.</summary>
    public const string IngestManage = "ingest.manage";

    /// <summary>Users, roles and API tokens of others: admin.</summary>
    public const string PeopleManage = "people.manage";

    /// <summary>Reading and verifying the audit log: admin, manager.</summary>
    public const string AuditRead = "audit.read";

    /// <summary>Desired state, agents, rings, flags, Changes and rollouts, to look at: every role.</summary>
    public const string ConfigRead = "config.read";

    /// <summary>Drafting Changes: editing profiles, rings, flags and every file of the config repository: operator, admin.</summary>
    public const string ConfigWrite = "config.write";

    /// <summary>Approving somebody else's Change: operator, admin.</summary>
    public const string ChangesApprove = "changes.approve";

    /// <summary>Starting, aborting and rolling back Changes, and the safety lever: operator, admin.</summary>
    public const string ChangesRun = "changes.run";

    /// <summary>Enrolment tokens, and agents' removal: admin.</summary>
    public const string AgentsManage = "agents.manage";

    /// <summary>Evaluating flags over OFREP: every role.</summary>
    public const string FlagsEvaluate = "flags.evaluate";

    public static readonly IReadOnlyList<string> All =
    [
        TelemetryRead, AnomaliesLabel, CostRead, IngestManage, PeopleManage, AuditRead,
        ConfigRead, ConfigWrite, ChangesApprove, ChangesRun, AgentsManage, FlagsEvaluate,
    ];

    /// <summary>What it allows, for who grants it.</summary>
    public static string Describe(string permission) => permission switch
    {
        TelemetryRead => "Read live panels, hosts, metrics and queries",
        AnomaliesLabel => "Say what an anomaly was: label verdicts, report missed ones",
        CostRead => "Read cost figures and reports",
        IngestManage => "Make and revoke ingest tokens, set ingest limits",
        PeopleManage => "Add and change users, roles and everybody's API tokens",
        AuditRead => "Read and verify the audit log",
        ConfigRead => "Look at configuration, agents, rings, flags and changes",
        ConfigWrite => "Draft changes: edit profiles, rings, flags and configuration files",
        ChangesApprove => "Approve changes of others",
        ChangesRun => "Start, abort and roll back changes, pull the safety lever",
        AgentsManage => "Make and revoke enrolment tokens, remove agents",
        FlagsEvaluate => "Evaluate feature flags (OFREP)",
        _ => permission,
    };
}
