using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>budgets.yaml</c>: dollars a day or month, of the fleet or a tenant, and what is done as the projection nears them.</summary>
internal static class BudgetsSchema
{
    const decimal MostUsd = 100_000_000;

    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        foreach (var (_, field) in map.Require("budgets", "list the budgets by name")?.Map()?.Named() ?? [])
        {
            if (field.Map() is not { } budget) continue;
            var tenant = budget.Find("tenant");
            if (tenant?.Name() is { } name) links.Add(LinkKind.Tenant, name, tenant);
            var (daily, monthly) = (budget.Find("daily_usd"), budget.Find("monthly_usd"));
            daily?.Number(0, MostUsd);
            monthly?.Number(0, MostUsd);
            if (daily is null && monthly is null) budget.Error("The budget has no amount.", "daily_usd or monthly_usd, in dollars");
            foreach (var action in budget.Find("actions")?.List() ?? []) Action(action, links);
            budget.Close();
        }
        map.Close();
        return root;
    }

    static void Action(Field field, Links links)
    {
        if (field.Map() is not { } action) return;
        action.Require("at", "the share of the budget that the projection reaches, such as 1.2")?.Number(0, 10);
        var kind = action.Require("do", "warn, profile or interval")?.Choice("warn", "profile", "interval");
        var profile = kind == "profile" ? action.Require("profile", "the profile that hosts are moved to") : action.Find("profile");
        if (profile?.Name() is { } name) links.Add(LinkKind.Profile, name, profile);
        (kind == "interval" ? action.Require("factor", "how many times longer the interval gets, such as 1.25") : action.Find("factor"))?.Number(1, 100);
        action.Close();
    }
}
