using System.Security.Claims;

namespace NrdotConsole.App.Platform.Auth;

internal static class TenantAccess
{
    public static bool MaySee(this ClaimsPrincipal user, string tenant) => user.FindFirst("tenants")?.Value is null or "*";
}
