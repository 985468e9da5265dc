using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Shell;

/// <summary>The components that modules put at one place, for who may see them. Asked once: a circuit ends when its viewer's rights change.</summary>
public sealed class FrameParts : ComponentBase
{
    readonly List<FramePart> _parts = [];

    [Inject] internal Frame Frame { get; set; } = default!;
    [Inject] internal IAuthorizationService Authorization { get; set; } = default!;
    [CascadingParameter] public Task<AuthenticationState>? Auth { get; set; }
    [Parameter, EditorRequired] public FramePlace Place { get; set; }

    /// <summary>What the place gives to its components; null where that is nothing.</summary>
    [Parameter] public IDictionary<string, object>? Parameters { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Auth is null) return;
        var user = (await Auth).User;
        foreach (var part in Frame.Parts)
            if (part.Place == Place && (await Authorization.AuthorizeAsync(user, part.Permission)).Succeeded) _parts.Add(part);
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        foreach (var part in _parts)
        {
            builder.OpenComponent(0, part.Component);
            builder.SetKey(part.Component);
            foreach (var (name, value) in Parameters ?? new Dictionary<string, object>()) builder.AddComponentParameter(1, name, value);
            builder.CloseComponent();
        }
    }
}
