namespace NrdotConsole.App.Platform.Auth;

/// <summary>The four roles and what each may do.</summary>
internal static class Roles
{
    public const string Viewer = "viewer", Manager = "manager", Operator = "operator", Admin = "admin";

    /// <summary>From the least to the most.</summary>
    public static readonly IReadOnlyList<string> All = [Viewer, Manager, Operator, Admin];

    public static IReadOnlyList<string> PermissionsOf(string role) => role switch
    {
        Viewer => [Permissions.TelemetryRead, Permissions.ConfigRead, Permissions.FlagsEvaluate],
        Manager => [.. PermissionsOf(Viewer), Permissions.CostRead, Permissions.AuditRead],
        Operator => [.. PermissionsOf(Viewer), Permissions.AnomaliesLabel, Permissions.CostRead, Permissions.ConfigWrite, Permissions.ChangesApprove, Permissions.ChangesRun],
        Admin => Permissions.All,
        _ => [],
    };

    public static string Describe(string role) => role switch
    {
        Viewer => "Sees live panels, hosts and metrics",
        Manager => "A viewer who also sees cost, reports and the audit log",
        Operator => "On call: sees the fleet and its cost, says what anomalies were, drafts, approves and runs changes, pulls the lever",
        Admin => "May do everything, people and tokens included",
        _ => role,
    };
}
