using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Data.Sqlite;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Features.People;

/// <summary>What the pages of people share: load, act, and the states in between. Rights are asked again at each act: a page may have been open for long.</summary>
public abstract class PeopleComponent : ComponentBase
{
    [CascadingParameter] public Task<AuthenticationState> Auth { get; set; } = default!;
    [Inject] internal AccessCheck Access { get; set; } = default!;

    /// <summary>Who is signed in.</summary>
    protected ClaimsPrincipal Me { get; private set; } = new();
    protected long MyId => Me.RequiredUserId();

    /// <summary>False until the first load is done.</summary>
    protected bool Loaded { get; private set; }
    protected bool Busy { get; private set; }

    /// <summary>The world's fault at the last load.</summary>
    protected Exception? LoadFault { get; private set; }

    /// <summary>Why the last act was refused.</summary>
    protected string? Refusal { get; set; }

    protected abstract Task LoadAsync();

    protected override async Task OnInitializedAsync()
    {
        Me = (await Auth).User;
        await ReloadAsync();
    }

    protected async Task ReloadAsync()
    {
        try
        {
            await LoadAsync();
            (Loaded, LoadFault) = (true, null);
        }
        catch (SqliteException fault)
        {
            LoadFault = fault;
        }
    }

    /// <summary>Runs a command as the signed-in person and loads again.</summary>
    /// <returns>Whether it was done.</returns>
    internal async Task<bool> ActAsync(Func<Actor, Task<Fault?>> command)
    {
        if (Busy) return false;
        (Busy, Refusal) = (true, null);
        try
        {
            if (!await Access.StillHoldsAsync(Me)) Refusal = "Your session has ended or your role has changed. Load the page again.";
            else if (await command(Me.Actor()) is { } fault) Refusal = fault.Message;
            await ReloadAsync();
            return Refusal is null;
        }
        catch (SqliteException fault)
        {
            Refusal = $"Nothing was changed. {FaultWords.Of(fault)}";
            return false;
        }
        finally
        {
            Busy = false;
        }
    }

    internal Task<bool> ActAsync(Func<Actor, Task> command) => ActAsync(async actor =>
    {
        await command(actor);
        return (Fault?)null;
    });

    /// <summary>"all", or the names.</summary>
    internal static string Names(IReadOnlySet<string>? tenants) => tenants is null ? "all" : string.Join(", ", tenants.Order(StringComparer.Ordinal));

    /// <summary>Tenant names as typed: separated by commas; nothing means all.</summary>
    internal static IReadOnlySet<string>? ParseTenants(string? text)
    {
        var names = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 ? null : names;
    }
}
