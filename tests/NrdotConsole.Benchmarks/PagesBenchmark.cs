using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using NrdotConsole.Journeys;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// Open Overviews of a fleet that sends, against the same number of open pages on which nothing is live. What the console spends with no page open
/// is taken off. Every page has its circuit and its charts' hub connection; nobody draws it.
/// </summary>
internal static partial class PagesBenchmark
{
    const string Live = "", Still = "account";

    public static async Task RunAsync(Report report, Scale scale)
    {
        using var directory = new TempDirectory();
        await using var console = await ConsoleProcess.StartAsync(directory.Path);
        await using var fleet = FleetProcess.Start(console, "--hosts", "60", "--interval", "10s", "--seed", "7");
        var cookies = new CookieContainer();
        using var browser = await SignInAsync(console, cookies);
        var header = cookies.GetCookieHeader(console.Url);
        try
        {
            await MeasureAsync(report, scale, console, browser, header);
        }
        catch (Exception)
        {
            foreach (var line in console.Complaints()) report.Note(line);
            throw;
        }
    }

    static async Task MeasureAsync(Report report, Scale scale, ConsoleProcess console, HttpClient browser, string header)
    {
        var seconds = scale.Of(20, 4);
        // Compiles what pages run, and lets the first reports of the fleet pass.
        foreach (var path in (string[])[Still, Live]) await MeasureAsync(console, browser, header, path, scale.Of(50, 2), scale.Of(20, 4));
        foreach (var count in (int[])[scale.Of(50, 5), scale.Of(200, 10)])
        {
            report.Section($"{count} open pages, a live fleet of 60 hosts");
            var still = await MeasureAsync(console, browser, header, Still, count, seconds);
            var live = await MeasureAsync(console, browser, header, Live, count, seconds);
            report.Ratio("pages: CPU a second an open Overview", live.MicrosecondsPerSecond, "us", "a page without live parts", still.MicrosecondsPerSecond, "under 150 us");
            report.Ratio("pages: resident bytes an open Overview", live.ResidentBytes, "B", "a page without live parts", still.ResidentBytes, "under 130 k");
            report.Ratio("pages: managed heap in use an open Overview", live.HeapBytes, "B", "a page without live parts", still.HeapBytes, "-");
            report.Ratio("pages: CPU to open an Overview", live.OpenMilliseconds, "ms", "a page without live parts", still.OpenMilliseconds, "-");
            report.Figure("pages: render batches a second an Overview", live.Batches, "1/s", "-");
            report.Figure("pages: bytes of render batches a second an Overview", live.BatchBytes, "B/s", "-");
            report.Figure("pages: hub messages a second an Overview", live.Messages, "1/s", "-");
        }
    }

    readonly record struct Cost(double MicrosecondsPerSecond, double ResidentBytes, double HeapBytes, double OpenMilliseconds, double Batches, double BatchBytes, double Messages);

    static async Task<Cost> MeasureAsync(ConsoleProcess console, HttpClient browser, string cookies, string path, int count, int seconds)
    {
        var cpu = new ChildCpu(console.ProcessId);
        var quiet = await QuietAsync(cpu, seconds);
        var (residentBefore, heapBefore) = await MemoryAsync(console, cpu);

        cpu.Lap();
        var begun = TimeProvider.System.GetTimestamp();
        List<OpenPage> pages = [];
        for (var i = 0; i < count; i++) pages.Add(await OpenPage.OpenAsync(browser, cookies, path));
        var opening = (cpu.Lap() - quiet * TimeProvider.System.GetElapsedTime(begun).TotalSeconds) / count;

        await Task.Delay(TimeSpan.FromSeconds(2));
        cpu.Lap();
        var before = Received(pages);
        begun = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var elapsed = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        var spent = cpu.Lap() / elapsed;
        var after = Received(pages);
        var (residentAfter, heapAfter) = await MemoryAsync(console, cpu);
        if (pages.Count(p => p.IsLost) is > 0 and var lost) throw new InvalidOperationException($"{lost} of {count} pages were lost.");
        foreach (var page in pages) await page.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        // Before and after: what the console does by itself drifts as its code is compiled.
        spent -= (quiet + await QuietAsync(cpu, seconds)) / 2;
        var per = count * elapsed;
        return new(spent * 1e6 / count, (residentAfter - residentBefore) / count, (heapAfter - heapBefore) / count, opening * 1e3,
            (after.Batches - before.Batches) / per, (after.Bytes - before.Bytes) / per, (after.Messages - before.Messages) / per);
    }

    /// <summary>CPU seconds a second.</summary>
    static async Task<double> QuietAsync(ChildCpu cpu, int seconds)
    {
        cpu.Lap();
        var begun = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        return cpu.Lap() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    static (double Batches, double Bytes, double Messages) Received(List<OpenPage> pages) =>
        (pages.Sum(p => (double)p.Received.Batches), pages.Sum(p => (double)p.Received.BatchBytes), pages.Sum(p => (double)p.Received.Messages));

    /// <summary>After a full collection: what is in use, not what waits to be collected.</summary>
    static async Task<(double Resident, double Heap)> MemoryAsync(ConsoleProcess console, ChildCpu cpu)
    {
        await FullCollection.OfAsync(console.ProcessId);
        var metrics = await console.Api.GetStringAsync("metrics");
        return (cpu.ResidentBytes, double.Parse(Heap().Match(metrics).Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    static async Task<HttpClient> SignInAsync(ConsoleProcess console, CookieContainer cookies)
    {
        var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = console.Url };
        var form = await browser.GetStringAsync("sign-in");
        using var answer = await browser.PostAsync("sign-in", new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", Token().Match(form).Groups[1].Value), new("name", "admin"), new("password", ConsoleProcess.AdminPassword), new("returnUrl", "/account"),
        ]));
        answer.EnsureSuccessStatusCode();
        return browser;
    }

    [GeneratedRegex("^dotnet_gc_heap_bytes ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex Heap();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
