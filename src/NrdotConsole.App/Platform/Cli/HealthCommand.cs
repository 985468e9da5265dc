namespace NrdotConsole.App.Platform.Cli;

/// <summary><c>health</c>: asks the console of this machine whether it is ready; for a container's health check. Exit code 0: ready; 1: not.</summary>
internal static class HealthCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(IConfiguration settings, TextWriter output)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{settings["Console:HttpPort"] ?? "8080"}/healthz/ready"));
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"The console does not answer: {fault.Message}");
            return 1;
        }
    }
}
