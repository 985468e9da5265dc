using System.Globalization;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// The part of the OpenTelemetry transformation language that conditions and marks of processes are written in: comparisons,
/// <c>and</c>, <c>or</c>, <c>not</c>, <c>nil</c>, paths, some functions and editors. Anything else is <see cref="NotSimulatedException"/>.
/// </summary>
sealed class OttlParser
{
    readonly List<OttlToken> _tokens;
    readonly bool _inResource;
    int _at;

    OttlParser(string text, bool inResource)
    {
        // The collector has expanded references by then.
        _tokens = OttlTokens.Read(Ottl.Unescape(text));
        _inResource = inResource;
    }

    public static Func<OttlScope, bool> Condition(string text, bool inResource = false)
    {
        var parser = new OttlParser(text, inResource);
        var condition = parser.Or();
        parser.Expect(OttlTokenKind.End, "");
        return scope => condition(scope) is true;
    }

    /// <summary><c>editor(arguments)</c>, with <c>where condition</c> or without.</summary>
    public static Action<OttlScope> Statement(string text, bool inResource)
    {
        var parser = new OttlParser(text, inResource);
        var editor = parser.Editor();
        Func<OttlScope, object?> where = parser.TakeName("where") ? parser.Or() : static _ => true;
        parser.Expect(OttlTokenKind.End, "");
        return scope =>
        {
            if (where(scope) is true) editor(scope);
        };
    }

    Action<OttlScope> Editor()
    {
        var name = Expect(OttlTokenKind.Name).Text;
        Expect(OttlTokenKind.Symbol, "(");
        var path = Path();
        Func<OttlScope, object?> value = TakeSymbol(",") ? Or() : throw new NotSimulatedException($"{name} with one argument");
        Expect(OttlTokenKind.Symbol, ")");
        return name switch
        {
            "set" => scope => path.Set(scope, value(scope)),
            "delete_key" => scope => path.Attributes(scope)?.Remove(value(scope) as string ?? ""),
            "delete_matching_keys" => scope =>
            {
                if (path.Attributes(scope) is not { } attributes || value(scope) is not string pattern) return;
                var regex = OttlFunctions.RegexOf(pattern);
                foreach (var key in attributes.Keys.Where(k => regex.IsMatch(k)).ToArray()) attributes.Remove(key);
            },
            _ => throw new NotSimulatedException($"the function {name}"),
        };
    }

    Func<OttlScope, object?> Or()
    {
        var left = And();
        while (TakeName("or"))
        {
            var (a, b) = (left, And());
            left = scope => a(scope) is true || b(scope) is true;
        }
        return left;
    }

    Func<OttlScope, object?> And()
    {
        var left = Not();
        while (TakeName("and"))
        {
            var (a, b) = (left, Not());
            left = scope => a(scope) is true && b(scope) is true;
        }
        return left;
    }

    Func<OttlScope, object?> Not()
    {
        if (!TakeName("not")) return Comparison();
        var inner = Not();
        return scope => inner(scope) is not true;
    }

    Func<OttlScope, object?> Comparison()
    {
        var left = Operand();
        if (Peek is not { Kind: OttlTokenKind.Symbol, Text: "==" or "!=" or "<" or ">" or "<=" or ">=" } symbol) return left;
        _at++;
        var right = Operand();
        return symbol.Text switch
        {
            "==" => scope => OttlFunctions.AreEqual(left(scope), right(scope)),
            "!=" => scope => !OttlFunctions.AreEqual(left(scope), right(scope)),
            "<" => scope => OttlFunctions.Compare(left(scope), right(scope)) < 0,
            ">" => scope => OttlFunctions.Compare(left(scope), right(scope)) > 0,
            "<=" => scope => OttlFunctions.Compare(left(scope), right(scope)) <= 0,
            _ => scope => OttlFunctions.Compare(left(scope), right(scope)) >= 0,
        };
    }

    Func<OttlScope, object?> Operand()
    {
        var token = Peek;
        if (TakeSymbol("("))
        {
            var inner = Or();
            Expect(OttlTokenKind.Symbol, ")");
            return inner;
        }
        if (TakeSymbol("-")) return Constant(Number(Expect(OttlTokenKind.Number).Text, -1));
        switch (token.Kind)
        {
            case OttlTokenKind.Text:
                _at++;
                return Constant(token.Text);
            case OttlTokenKind.Number:
                _at++;
                return Constant(Number(token.Text, 1));
            case OttlTokenKind.Name when token.Text is "true" or "false":
                _at++;
                return Constant(token.Text == "true");
            case OttlTokenKind.Name when token.Text == "nil":
                _at++;
                return Constant(null);
            case OttlTokenKind.Name when _tokens[_at + 1] is { Kind: OttlTokenKind.Symbol, Text: "(" }:
                return Function();
            case OttlTokenKind.Name:
                var path = Path();
                return path.IsMap ? throw new NotSimulatedException("comparing whole maps") : path.Get;
            default:
                throw new NotSimulatedException(token.Kind == OttlTokenKind.End ? "an unfinished condition" : $"'{token.Text}' here");
        }
    }

    Func<OttlScope, object?> Function()
    {
        var name = Expect(OttlTokenKind.Name).Text;
        Expect(OttlTokenKind.Symbol, "(");
        var arguments = new List<Func<OttlScope, object?>>();
        if (!TakeSymbol(")"))
        {
            do
            {
                // A pattern that cannot be read is told now, not when a process comes by.
                if (name == "IsMatch" && arguments.Count == 1 && Peek.Kind == OttlTokenKind.Text) OttlFunctions.RegexOf(Peek.Text);
                arguments.Add(Or());
            }
            while (TakeSymbol(","));
            Expect(OttlTokenKind.Symbol, ")");
        }
        return OttlFunctions.Find(name, [.. arguments]);
    }

    OttlPath Path()
    {
        var name = Expect(OttlTokenKind.Name).Text;
        string? key = null;
        if (TakeSymbol("["))
        {
            key = Expect(OttlTokenKind.Text).Text;
            Expect(OttlTokenKind.Symbol, "]");
        }
        return OttlPath.Of(name, key, _inResource);
    }

    static Func<OttlScope, object?> Constant(object? value) => _ => value;

    static object Number(string text, int sign)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return sign * whole;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? sign * number : throw new NotSimulatedException($"the number {text}");
    }

    OttlToken Peek => _tokens[_at];

    bool TakeName(string name) => Take(OttlTokenKind.Name, name);
    bool TakeSymbol(string symbol) => Take(OttlTokenKind.Symbol, symbol);

    bool Take(OttlTokenKind kind, string text)
    {
        if (Peek.Kind != kind || Peek.Text != text) return false;
        _at++;
        return true;
    }

    OttlToken Expect(OttlTokenKind kind, string? text = null)
    {
        var token = Peek;
        if (token.Kind != kind || (text is not null && token.Text != text)) throw new NotSimulatedException(token.Kind == OttlTokenKind.End ? "an unfinished condition" : $"'{token.Text}' here");
        _at++;
        return token;
    }
}
