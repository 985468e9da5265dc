namespace NrdotConsole.App.Shell;

/// <summary>
/// One circuit's live components. They only flag that news came; a beat of the shared <see cref="Pulse"/> then draws
/// all of them in one render batch: at once after a quiet while, every <see cref="BeatsBetweenDraws"/> beats where news never
/// ends, for a batch and its acknowledgement are what an open page costs. Paused, they keep what they show and count what waits.
/// </summary>
internal sealed class LiveFeed : IDisposable
{
    /// <summary>Two seconds. Charts hear the hub and do not wait for it.</summary>
    public const int BeatsBetweenDraws = 8;

    readonly Lock _lock = new();
    readonly Pulse _pulse;
    ILiveView[] _views = [];
    Action? _draw;
    int _quietBeats = BeatsBetweenDraws;

    public LiveFeed(Pulse pulse)
    {
        _pulse = pulse;
        _pulse.Beat += OnBeat;
    }

    public bool Paused { get; private set; }

    /// <summary>Publications that came while paused.</summary>
    public int Waiting { get; private set; }

    /// <summary>Raised on the circuit when <see cref="Paused"/> or <see cref="Waiting"/> changed.</summary>
    public event Action? StateChanged;

    public void Add(ILiveView view)
    {
        lock (_lock) _views = [.. _views, view];
    }

    public void Remove(ILiveView view)
    {
        lock (_lock) _views = [.. _views.Where(v => v != view)];
    }

    /// <summary>The circuit's one drawer: it must call <see cref="Draw"/> within a render batch.</summary>
    public void DrawBy(Action? draw) => _draw = draw;

    public void SetPaused(bool paused)
    {
        Paused = paused;
        Waiting = 0;
        if (!paused)
        {
            foreach (var view in _views) view.Draw();
        }
        StateChanged?.Invoke();
    }

    /// <summary>Renders what has news. Runs on the circuit.</summary>
    public void Draw()
    {
        if (Paused)
        {
            var waiting = Waiting;
            foreach (var view in _views) Waiting += view.TakeNews();
            if (waiting != Waiting) StateChanged?.Invoke();
            return;
        }
        foreach (var view in _views)
        {
            if (view.TakeNews() > 0) view.Draw();
        }
    }

    public void Dispose() => _pulse.Beat -= OnBeat;

    /// <summary>Has the circuit draw where there is news and the last draw is long enough ago.</summary>
    internal void OnBeat()
    {
        if (++_quietBeats < BeatsBetweenDraws) return;
        foreach (var view in _views)
        {
            if (!view.HasNews(Paused)) continue;
            _quietBeats = 0;
            _draw?.Invoke();
            return;
        }
    }
}

/// <summary>A component fed by something live. A seam: panels and tables of any record share one beat.</summary>
internal interface ILiveView
{
    /// <summary>Whether a draw would show something else; of a page that is held, whether anything came. Asked from the beat's thread.</summary>
    bool HasNews(bool held);

    /// <summary>How many publications came since the last call.</summary>
    int TakeNews();

    void Draw();
}
