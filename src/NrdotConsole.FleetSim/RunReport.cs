using System.Globalization;
using NrdotConsole.FleetSim.Sending;

namespace NrdotConsole.FleetSim;

/// <summary>One line about the last stretch, and one about all of it.</summary>
sealed class RunReport(SendCounters counters, TimeProvider time, TextWriter output)
{
    readonly long _begun = time.GetTimestamp();
    long _lastAt = time.GetTimestamp();
    long _lastSent;
    string _lastProblem = "";

    public void Line()
    {
        var seconds = Math.Max(0.001, time.GetElapsedTime(_lastAt).TotalSeconds);
        var sent = counters.Sent;
        Write("fleet", (sent - _lastSent) / seconds);
        (_lastAt, _lastSent) = (time.GetTimestamp(), sent);
        if (counters.LastProblem == _lastProblem) return;
        _lastProblem = counters.LastProblem;
        output.WriteLine($"fleet: the receiver says: {_lastProblem}{Hint(_lastProblem)}");
    }

    public void Total()
    {
        Write("fleet total", counters.Sent / Math.Max(0.001, time.GetElapsedTime(_begun).TotalSeconds));
    }

    void Write(string what, double perSecond) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: sent {counters.Sent:N0} points ({perSecond:N0}/s) in {counters.Requests:N0} requests, {counters.Bytes / 1e6:N1} MB, refused {counters.Refused:N0}, dropped {counters.Dropped:N0}, waiting {counters.Waiting:N0}, retries {counters.Retries:N0}"));

    static string Hint(string problem) => problem.StartsWith("401", StringComparison.Ordinal) || problem.StartsWith("Unauthenticated", StringComparison.Ordinal)
        ? ". Give an ingest token with --token, or in " + Cli.CommandLine.TokenVariable + "."
        : "";
}
