using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>secrets.yaml</c>: where secrets are kept. A secret itself is refused: history would keep it for good.</summary>
internal static partial class SecretsSchema
{
    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        if (map.Require("vault", "where secrets are kept")?.Map() is { } vault)
        {
            vault.Require("enabled", "true or false")?.Switch();
            if (vault.Require("address", "https://…, or a reference such as ${VAULT_ADDR}") is { } address && address.Text() is { } text && !Reference().IsMatch(text)
                && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) address.Error($"'{text}' is not an address.", "https://…, or ${VAULT_ADDR}");
            if (vault.Find("auth_method") is { } method && method.Choice("kubernetes", "approle", "token", "cert") == "kubernetes")
                method.Warning("Hosts outside Kubernetes have no service account to sign in with.", "approle or cert works for them; the console signs in where it runs");
            foreach (var (_, path) in vault.Require("secret_paths", "where each secret stands")?.Map()?.Named() ?? [])
                if (path.Text() is { } where && !Path().IsMatch(where)) path.Error("This is no path of a secret.", "such as secret/data/nrdot/new_relic: a secret's value must never stand here");
            vault.Find("rotation_interval")?.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(400));
            vault.Close();
        }
        map.Close();
        return root;
    }

    [GeneratedRegex(@"^\$\{(env:)?[A-Za-z_][A-Za-z0-9_]*\}$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+(#[A-Za-z0-9_.-]+)?$")]
    private static partial Regex Path();
}
