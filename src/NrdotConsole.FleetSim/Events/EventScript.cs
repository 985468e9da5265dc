using System.Globalization;
using NrdotConsole.FleetSim.Cli;

namespace NrdotConsole.FleetSim.Events;

/// <summary>
/// Reads a script: one event a line, <c>OFFSET EVENT key=value…</c>, such as
/// <c>+90s cpu-spike host=app/1 process=java for=5m amount=4</c>. Blank lines and lines that begin with # say nothing.
/// </summary>
public static class EventScript
{
    sealed record Form(SimEventKind Kind, bool Process, bool Lasts, double? Amount);

    static readonly Dictionary<string, Form> Forms = new(StringComparer.Ordinal)
    {
        ["restart"] = new(SimEventKind.Restart, true, false, null),
        ["vanish"] = new(SimEventKind.Vanish, true, true, null),
        ["hide"] = new(SimEventKind.Hide, true, true, null),
        ["leak"] = new(SimEventKind.Leak, true, true, 50),
        ["cpu-spike"] = new(SimEventKind.CpuSpike, true, true, 4),
        ["io-storm"] = new(SimEventKind.IoStorm, true, true, 8),
        ["noisy-pods"] = new(SimEventKind.NoisyPods, false, true, 20),
        ["explode"] = new(SimEventKind.Explode, false, true, 20),
        ["outage"] = new(SimEventKind.Outage, false, true, null),
        ["queue-backup"] = new(SimEventKind.QueueBackup, false, true, null),
        ["reload"] = new(SimEventKind.Reload, false, false, null),
        ["reject-config"] = new(SimEventKind.RejectConfig, false, true, null),
        ["crash-config"] = new(SimEventKind.CrashConfig, false, true, null),
        ["hang-config"] = new(SimEventKind.HangConfig, false, true, null),
        ["slow-config"] = new(SimEventKind.SlowConfig, false, true, null),
        ["silent-agent"] = new(SimEventKind.SilentAgent, false, true, null),
    };

    public static IEnumerable<string> EventNames => Forms.Keys;

    /// <exception cref="FormatException">Names the line and what is wrong with it.</exception>
    public static IReadOnlyList<SimEvent> Parse(IEnumerable<string> lines)
    {
        var events = new List<SimEvent>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            events.Add(ParseLine(words, fault => new FormatException($"line {number}: {fault}")));
        }
        return events;
    }

    static SimEvent ParseLine(string[] words, Func<string, FormatException> wrong)
    {
        if (!CommandLine.TryLength(words[0].TrimStart('+'), out var at)) throw wrong($"offset '{words[0]}': such as +90s, 5m, -10m.");
        if (words.Length < 2 || !Forms.TryGetValue(words[1], out var form))
            throw wrong($"event '{words.ElementAtOrDefault(1)}': one of {string.Join(", ", Forms.Keys)}.");
        var (host, process, lasts, amount) = ("", "", TimeSpan.Zero, form.Amount);
        foreach (var word in words.Skip(2))
        {
            var (key, value) = word.IndexOf('=') is > 0 and var i ? (word[..i], word[(i + 1)..]) : (word, "");
            if (key == "host") host = value;
            else if (key == "process" && form.Process) process = value;
            else if (key == "for" && form.Lasts) lasts = CommandLine.TryLength(value, out var length) && length > TimeSpan.Zero ? length : throw wrong($"for '{value}': a length of time above zero, such as 5m.");
            else if (key == "amount" && form.Amount is not null) amount = Amount(value) ?? throw wrong($"amount '{value}': a number above 0, at most 1000.");
            else throw wrong($"'{word}' means nothing to {words[1]}.");
        }
        if (host.Length == 0) throw wrong($"{words[1]} needs host=NAME or host=role/n.");
        if (form.Process && process.Length == 0) throw wrong($"{words[1]} needs process=EXECUTABLE.");
        if (form.Lasts && lasts == TimeSpan.Zero) throw wrong($"{words[1]} needs for=LENGTH.");
        return new(at, form.Kind, host, process, lasts, amount ?? 0);
    }

    static double? Amount(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000 ? number : null;
}
