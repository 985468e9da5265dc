namespace NrdotConsole.Core.Telemetry;

/// <summary>The tenant under which the console keeps the history of its own signals. No sender may name it, no token bear it.</summary>
public static class ReservedTenant
{
    public const string Name = "nrdot-console";
}
