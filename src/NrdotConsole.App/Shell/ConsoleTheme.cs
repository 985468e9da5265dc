using MudBlazor;

namespace NrdotConsole.App.Shell;

/// <summary>What MudBlazor needs of our theme. Colours are CSS (wwwroot-assets/src/tokens.css), so that switching needs no server.</summary>
internal static class ConsoleTheme
{
    static readonly string[] Font = ["var(--font)"];

    public static readonly MudTheme Theme = new()
    {
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = ".875rem", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Font, FontSize = "1.05rem", FontWeight = "620", LetterSpacing = "-.01em" },
            Button = new ButtonTypography { FontFamily = Font, FontWeight = "550", TextTransform = "none", LetterSpacing = "normal" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
