namespace NrdotConsole.App.Platform.Auth;

/// <summary>What a person or an API token may do. Roles and token scopes are sets of these; each is an authorization policy of the same name.</summary>
internal static class Permissions
{
    /// <summary>Live panels, hosts, metrics, queries: every role.</summary>
    public const string TelemetryRead = "telemetry.read";

    /// <summary>Cost figures and reports: manager, operator, admin.</summary>
    public const string CostRead = "cost.read";

    /// <summary>Ingest tokens and ingest limits: admin.</summary>
    public const string IngestManage = "ingest.manage";

    /// <summary>Users, roles and API tokens of others: admin.</summary>
    public const string PeopleManage = "people.manage";

    /// <summary>Reading and verifying the audit log: admin, manager.</summary>
    public const string AuditRead = "audit.read";

    public static readonly IReadOnlyList<string> All = [TelemetryRead, CostRead, IngestManage, PeopleManage, AuditRead];

    /// <summary>What it allows, for who grants it.</summary>
    public static string Describe(string permission) => permission switch
    {
        TelemetryRead => "Read live panels, hosts, metrics and queries",
        CostRead => "Read cost figures and reports",
        IngestManage => "Make and revoke ingest tokens, set ingest limits",
        PeopleManage => "Add and change users, roles and everybody's API tokens",
        AuditRead => "Read and verify the audit log",
        _ => permission,
    };
}
