namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>An error keeps a commit from being applied; a warning explains what is understood differently from how it is written.</summary>
public enum FaultSeverity { Error, Warning }

/// <summary>What is wrong in a file of the config repository, where, and how to mend it.</summary>
/// <param name="Line">From 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">From 1; 0 where the line as a whole is meant.</param>
/// <param name="Field">A path such as <c>features.ewma.rollout.rings[1]</c>; empty for the file as a whole.</param>
public sealed record ConfigFault(string File, int Line, int Column, string Field, string Message, string Mend, FaultSeverity Severity = FaultSeverity.Error)
{
    /// <summary><c>file:line:col: error: field: message (mend)</c>, as compilers write it: editors and CI make it a link.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {Severity.ToString().ToLowerInvariant()}: {(Field.Length == 0 ? "" : Field + ": ")}{Message}{(Mend.Length == 0 ? "" : $" ({Mend})")}";
}
