using Microsoft.AspNetCore.Components;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Shell.Parts;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Shell;

/// <summary>A page of live signals in the view's scope. Charts are described once a view, not once a render.</summary>
public abstract class SignalPage : ComponentBase
{
    ViewState? _described;

    [CascadingParameter] public ViewState View { get; set; } = ViewState.Default;
    [Inject] internal SignalBoard Board { get; set; } = default!;

    protected SignalScope Scope => View.Scope;

    /// <summary>Builds the page's chart specifications for the present view.</summary>
    protected virtual void DescribeCharts() { }

    protected override void OnParametersSet()
    {
        if (View == _described) return;
        _described = View;
        DescribeCharts();
    }

    protected ChartSpec Chart(string title, string signal, string panel, string path, string series) =>
        new(title, View.Range.Text, ChartQuery.Signal(signal, Scope, series)) { Live = [new(panel, Scope.ToString(), path, series)] };
}
