namespace NrdotConsole.App.Features.Anomalies;

/// <summary>Tells open pages that somebody labelled a verdict or reported a missed anomaly. Handlers must return at once and throw nothing.</summary>
internal sealed class FeedbackNews
{
    public event Action? Changed;

    public void Tell() => Changed?.Invoke();
}

/// <summary>Why something was not taken, and what would mend it.</summary>
internal sealed record FeedbackRefusal(string Title, string Detail, bool NotFound = false);
