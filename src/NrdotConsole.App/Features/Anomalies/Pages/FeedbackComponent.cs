using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Data.Sqlite;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Features.Anomalies.Pages;

/// <summary>What parts that show or take people's labels share: they read again when somebody labels, and ask for the right again at each deed.</summary>
public abstract class FeedbackComponent : ComponentBase, IDisposable
{
    bool _isGone;

    [CascadingParameter] public Task<AuthenticationState>? Auth { get; set; }
    [Inject] internal FeedbackNews News { get; set; } = default!;
    [Inject] internal AccessCheck Access { get; set; } = default!;

    protected ClaimsPrincipal Me { get; private set; } = new();
    protected bool MayLabel { get; private set; }
    protected bool Busy { get; private set; }

    /// <summary>The world's fault at the last reading.</summary>
    protected Exception? Fault { get; private set; }

    /// <summary>Why the last deed was refused.</summary>
    protected string? Refusal { get; set; }

    protected abstract Task ReadAsync();

    protected override async Task OnInitializedAsync()
    {
        if (Auth is not null) Me = (await Auth).User;
        MayLabel = Me.Has(Permissions.AnomaliesLabel);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) News.Changed += OnChanged;
    }

    protected async Task TryReadAsync()
    {
        try
        {
            await ReadAsync();
            Fault = null;
        }
        catch (SqliteException fault)
        {
            Fault = fault;
        }
    }

    /// <summary>Does something as the signed-in person.</summary>
    /// <param name="deed">Answers why not, or null.</param>
    internal async Task<bool> ActAsync(Func<Actor, IReadOnlySet<string>?, Task<string?>> deed)
    {
        if (Busy) return false;
        (Busy, Refusal) = (true, null);
        try
        {
            Refusal = await Access.StillHoldsAsync(Me) && Me.Has(Permissions.AnomaliesLabel)
                ? await deed(Me.Actor(), Me.AllowedTenants())
                : "Your session has ended or your role has changed. Load the page again.";
        }
        catch (SqliteException fault)
        {
            Refusal = FaultWords.Of(fault);
        }
        finally
        {
            Busy = false;
        }
        return Refusal is null;
    }

    void OnChanged() => _ = InvokeAsync(async () =>
    {
        if (_isGone) return;
        await TryReadAsync();
        StateHasChanged();
    });

    public void Dispose()
    {
        _isGone = true;
        News.Changed -= OnChanged;
        GC.SuppressFinalize(this);
    }
}
