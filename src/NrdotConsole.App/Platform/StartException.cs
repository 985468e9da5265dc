namespace NrdotConsole.App.Platform;

/// <summary>The console cannot start, and the operator can mend it: said in one line on stderr, without a stack trace, exit code 1.</summary>
/// <param name="subject">What is at fault: a file, a setting.</param>
/// <param name="fault">What is wrong with it.</param>
/// <param name="hint">What to do about it.</param>
internal sealed class StartException(string subject, string fault, string hint, Exception? cause = null)
    : Exception($"{subject}: {fault} {hint}", cause)
{
    public string Subject => subject;
}
