using Microsoft.AspNetCore.Components;
using NrdotConsole.App.Platform.Live;

namespace NrdotConsole.App.Shell.Parts;

/// <summary>Shows a live record, drawn again only when another one was published.</summary>
public abstract class LiveComponent<T> : ComponentBase, ILiveView, IDisposable where T : class
{
    Live<T>? _source;
    int _news;

    [Inject] internal LiveFeed Feed { get; set; } = default!;

    protected abstract Live<T> Watched { get; }

    /// <summary>Null before the first publication.</summary>
    protected T? Shown { get; private set; }

    /// <summary>Whether another record looks like another. Asked on the circuit and from the beat's thread.</summary>
    protected virtual bool Differs(T before, T now) => true;

    bool ILiveView.HasNews(bool held)
    {
        if (Volatile.Read(ref _news) == 0) return false;
        if (held) return true;
        var news = Interlocked.Exchange(ref _news, 0);
        if (!WouldDraw(Watched.Current)) return false;
        Interlocked.Add(ref _news, news);
        return true;
    }

    int ILiveView.TakeNews() => Interlocked.Exchange(ref _news, 0);

    void ILiveView.Draw()
    {
        var now = Watched.Current;
        var draws = WouldDraw(now);
        Shown = now;
        if (draws) StateHasChanged();
    }

    bool WouldDraw(T? now) => !ReferenceEquals(Shown, now) && (Shown is not { } before || now is null || Differs(before, now));

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_source, Watched)) return;
        // Prerendering shows what there is and listens to nothing.
        if (RendererInfo.IsInteractive)
        {
            if (_source is null) Feed.Add(this);
            else _source.Changed -= OnChanged;
            Watched.Changed += OnChanged;
        }
        _source = Watched;
        Shown = Watched.Current;
    }

    void OnChanged(T value) => Interlocked.Increment(ref _news);

    public void Dispose()
    {
        Feed.Remove(this);
        if (_source is not null) _source.Changed -= OnChanged;
        GC.SuppressFinalize(this);
    }
}
