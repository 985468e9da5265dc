namespace NrdotConsole.Core.Profiles;

/// <summary>
/// What a check found. An error refuses the configuration; a warning is told. <paramref name="Line"/> is 1-based, 0 where no text stands
/// behind it; <paramref name="Path"/> is the place in the document, such as <c>service.pipelines.metrics/host</c>.
/// </summary>
public sealed record ConfigFinding(bool IsError, int Line, string Path, string Message, string Mend);
