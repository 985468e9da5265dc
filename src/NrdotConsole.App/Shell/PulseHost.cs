using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace NrdotConsole.App.Shell;

/// <summary>
/// Draws a circuit's live components. A component that asks for a render while a batch is being built joins that batch:
/// so however many panels a page has, the browser gets one message a beat.
/// </summary>
public sealed class PulseHost : IComponent, IDisposable
{
    [Inject] internal LiveFeed Feed { get; set; } = default!;
    [Inject] internal ILogger<PulseHost> Log { get; set; } = default!;

    RenderHandle _handle;
    int _pending;

    public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

    public Task SetParametersAsync(ParameterView parameters)
    {
        if (_handle.RendererInfo.IsInteractive) Feed.DrawBy(Ask);
        return Task.CompletedTask;
    }

    public void Dispose() => Feed.DrawBy(null);

    void Ask()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 1) return;
        _ = AskAsync();
    }

    async Task AskAsync()
    {
        try
        {
            await _handle.Dispatcher.InvokeAsync(() => _handle.Render(Draw));
        }
        catch (ObjectDisposedException)
        {
            // The page was closed between the beat and the draw.
        }
        catch (Exception fault)
        {
            Log.LogError(fault, "Drawing a page's live panels failed");
        }
        finally
        {
            Volatile.Write(ref _pending, 0);
        }
    }

    void Draw(RenderTreeBuilder builder) => Feed.Draw();
}
