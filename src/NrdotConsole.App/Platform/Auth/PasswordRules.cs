using System.Text;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>NIST SP 800-63B, 3.1.1.2: length counts, composition does not; what is easily guessed is refused.</summary>
internal static class PasswordRules
{
    public const int MinLength = 12, MaxLength = 256;

    public static readonly string Summary = $"{MinLength} to {MaxLength} characters; any characters, spaces too. A few unrelated words make a good one.";

    // Of those of twelve characters or more that lists of leaked passwords begin with, and this product's own words.
    static readonly string[] Common =
    [
        "123456789012", "1234567890123", "12345678901234", "123456789123", "111111111111", "000000000000", "qwertyuiopas", "qwertyuiop123", "qwerty123456",
        "1q2w3e4r5t6y", "1qaz2wsx3edc", "password1234", "password12345", "password123456", "passwordpassword", "adminadminadmin", "administrator",
        "administrator1", "letmeinletmein", "iloveyou1234", "welcome12345", "changemechangeme", "changeme1234", "abcdefghijkl", "abcd12345678",
        "correcthorsebatterystaple", "correct horse battery staple", "nrdotconsole", "nrdot-console", "nrdot console", "opentelemetry",
    ];

    /// <returns>Why it is refused, or null when it is good.</returns>
    public static string? Refuse(string password, string userName)
    {
        var text = password.Normalize(NormalizationForm.FormC);
        if (text.EnumerateRunes().Count() < MinLength) return $"The password is too short: take at least {MinLength} characters.";
        if (text.Length > MaxLength) return $"The password is too long: take at most {MaxLength} characters.";
        if (text.Replace(userName, "", StringComparison.OrdinalIgnoreCase).Length < MinLength - 4) return "The password is little more than the user name: choose another.";
        if (text.Distinct().Count() < 4 || Common.Contains(text, StringComparer.OrdinalIgnoreCase)) return "This password is on every list of common ones: choose another.";
        return null;
    }
}
