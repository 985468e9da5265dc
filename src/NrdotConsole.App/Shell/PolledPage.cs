using Microsoft.AspNetCore.Components;

namespace NrdotConsole.App.Shell;

/// <summary>A page whose figures are read when it opens or its address says otherwise, and again every so often. A read that a later one has overtaken changes nothing.</summary>
public abstract class PolledPage : ComponentBase, IDisposable
{
    readonly CancellationTokenSource _gone = new();
    int _reads;

    [CascadingParameter] public ViewState View { get; set; } = ViewState.Default;
    [Inject] internal TimeProvider Clock { get; set; } = default!;

    protected abstract TimeSpan Every { get; }

    /// <summary>What kept the last read from its end.</summary>
    protected Exception? Fault { get; private set; }

    /// <summary>Begins on the page's thread, does its work elsewhere, and answers with how the page takes in what was read, on its own thread again.</summary>
    protected abstract Task<Action> ReadAsync(CancellationToken gone);

    /// <summary>The tenants to show: the view's one where the viewer may see it, else all of <paramref name="allowed"/> (null: every tenant).</summary>
    protected IReadOnlySet<string>? TenantsOf(IReadOnlySet<string>? allowed) => View.Tenant is { } one && allowed?.Contains(one) != false ? new HashSet<string> { one } : allowed;

    protected async Task RefreshAsync()
    {
        var mine = ++_reads;
        try
        {
            var take = await ReadAsync(_gone.Token);
            if (mine != _reads) return;
            take();
            Fault = null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (mine == _reads) Fault = fault;
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = KeepFreshAsync(_gone.Token);
    }

    async Task KeepFreshAsync(CancellationToken gone)
    {
        using var timer = new PeriodicTimer(Every, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(gone))
            {
                await InvokeAsync(async () =>
                {
                    await RefreshAsync();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException) { }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _gone.Cancel();
        _gone.Dispose();
    }
}
