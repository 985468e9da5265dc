namespace NrdotConsole.App.Platform.Auth;

/// <summary>How long an account rests after wrong passwords in a row. Long enough to make guessing useless, short enough not to keep its owner out.</summary>
internal static class Lockout
{
    public const int Free = 5;
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromMinutes(15);

    /// <returns>Zero for the first <see cref="Free"/> - 1 failures; then 1, 2, 4, 8, 15, 15 … minutes.</returns>
    public static TimeSpan After(long failures) =>
        failures < Free ? TimeSpan.Zero
        : failures - Free >= 4 ? Longest
        : First * Math.Pow(2, failures - Free);
}
