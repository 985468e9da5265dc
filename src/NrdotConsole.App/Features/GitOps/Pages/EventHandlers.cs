using Microsoft.AspNetCore.Components;

namespace NrdotConsole.App.Features.GitOps.Pages;

/// <summary>Events of our own elements, by the names that the browser's code registers.</summary>
[EventHandler("onnredited", typeof(EventArgs), enableStopPropagation: true, enablePreventDefault: false)]
public static class EventHandlers;
