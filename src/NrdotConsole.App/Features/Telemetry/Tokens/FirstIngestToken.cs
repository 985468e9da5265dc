namespace NrdotConsole.App.Features.Telemetry.Tokens;

/// <summary>The token made at the first start: held until the process ends, to be shown with a ready collector snippet.</summary>
internal sealed class FirstIngestToken
{
    /// <summary>Null where tokens were there before, or the operator gave one.</summary>
    public string? Secret { get; set; }
}
