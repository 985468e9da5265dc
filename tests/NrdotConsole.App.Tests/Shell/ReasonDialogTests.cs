using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using NrdotConsole.App.Shell.Parts;
using NrdotConsole.App.Tests.Pages;

namespace NrdotConsole.App.Tests.Shell;

public sealed class ReasonDialogTests : PageTest
{
    public ReasonDialogTests()
    {
        Services.AddMudServices();
        OnCircuit();
    }

    async Task<(IRenderedComponent<MudDialogProvider> Dialogs, Task<string?> Asked)> AskAsync(string suggested = "")
    {
        var dialogs = Render<MudDialogProvider>();
        Task<string?>? asked = null;
        await dialogs.InvokeAsync(() =>
        {
            asked = ReasonDialog.AskAsync(Services.GetRequiredService<IDialogService>(), "Revert web-1?", "Its collector reloads.", "1 host: web-1, tenant prod.", "Revert", required: true, suggested: suggested);
        });
        dialogs.WaitForElement("#reason-form");
        return (dialogs, asked!);
    }

    [Theory]
    [InlineData(null, "3 settings differ")]
    [InlineData(" asked for by Ann ", "asked for by Ann")]
    public async Task A_reason_that_is_suggested_is_kept_or_typed_over(string? typed, string reason)
    {
        var (dialogs, asked) = await AskAsync("3 settings differ");
        Says(dialogs, "1 host: web-1, tenant prod.");
        if (typed is not null) await dialogs.InvokeAsync(() => dialogs.Find("textarea").Input(typed));
        await dialogs.InvokeAsync(() => dialogs.Find("#reason-form").Submit());
        Assert.Equal(reason, await asked.WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task Without_a_reason_that_is_required_it_cannot_be_confirmed_and_calling_it_off_answers_nothing()
    {
        var (dialogs, asked) = await AskAsync();
        var (keep, confirm) = (dialogs.FindAll("button").Single(b => b.TextContent == "Keep"), dialogs.FindAll("button").Single(b => b.TextContent == "Revert"));
        Assert.True(confirm.HasAttribute("disabled"));
        await dialogs.InvokeAsync(() => keep.Click());
        Assert.Null(await asked.WaitAsync(Patience.Limit));
    }
}
