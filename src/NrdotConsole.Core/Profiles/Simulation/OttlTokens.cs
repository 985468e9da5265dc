using System.Text;

namespace NrdotConsole.Core.Profiles;

enum OttlTokenKind { Name, Text, Number, Symbol, End }

readonly record struct OttlToken(OttlTokenKind Kind, string Text);

static class OttlTokens
{
    static readonly string[] s_symbols = ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", "=", ":"];

    public static List<OttlToken> Read(string text)
    {
        var tokens = new List<OttlToken>();
        var at = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c)) at++;
            else if (c == '"') tokens.Add(new(OttlTokenKind.Text, Quoted(text, ref at)));
            else if (char.IsAsciiLetter(c) || c == '_') tokens.Add(new(OttlTokenKind.Name, While(text, ref at, c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')));
            else if (char.IsAsciiDigit(c)) tokens.Add(new(OttlTokenKind.Number, While(text, ref at, c => char.IsAsciiLetterOrDigit(c) || c == '.')));
            else
            {
                var symbol = Array.Find(s_symbols, s => text.AsSpan(at).StartsWith(s)) ?? throw new NotSimulatedException($"the character '{c}'");
                tokens.Add(new(OttlTokenKind.Symbol, symbol));
                at += symbol.Length;
            }
        }
        tokens.Add(new(OttlTokenKind.End, ""));
        return tokens;
    }

    static string While(string text, ref int at, Func<char, bool> belongs)
    {
        var start = at;
        while (at < text.Length && belongs(text[at])) at++;
        return text[start..at];
    }

    static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length) value.Append(text[at]);
            else value.Append(text[++at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var c => c });
        }
        if (at == text.Length) throw new NotSimulatedException("a text without its closing quote");
        at++;
        return value.ToString();
    }
}
