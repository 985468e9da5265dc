namespace NrdotConsole.App.Features.Agents;

/// <summary>The token made at the first start: held until the process ends, to be shown with a ready supervisor configuration.</summary>
internal sealed class FirstEnrolmentToken
{
    /// <summary>Null where tokens were there before, or the operator gave one.</summary>
    public string? Secret { get; set; }
}
