using System.Diagnostics;
using System.Text;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.Supervisor.Tests;

/// <summary>A supervisor, a collector's process, and the console's end of OpAMP on a real port.</summary>
public sealed class SupervisorTests
{
    static async Task<(TestConsole Console, SupervisedHost Host)> StartAsync(bool http = false, Func<SupervisorOptions, SupervisorOptions>? change = null)
    {
        var console = await TestConsole.StartAsync();
        var host = new SupervisedHost();
        host.Options = (change ?? (o => o))(host.Options with { Endpoint = http ? console.Http : console.WebSocket });
        host.Start();
        await host.UntilReadyAsync();
        return (console, host);
    }

    [Fact]
    public async Task It_tells_who_it_is_what_it_can_and_what_its_collector_is()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        var first = await console.HearAsync(m => m.Description is not null && m.AvailableComponents is not null);
        Assert.Equal("Bearer enrol-me", console.Authorization);
        Assert.Equal(("i-0123", "prod-host-001", "9.8.7"), (first.Description!.Find("host.id"), first.Description.Find("host.name"), first.Description.Find("service.version")));
        Assert.True(first.Capabilities.HasFlag(AgentCapabilities.AcceptsRemoteConfig));
        Assert.Equal(["host_metrics"], first.AvailableComponents!.Components["receivers"].Parts.Keys);
        Assert.Equal("bootstrap", Encoding.UTF8.GetString(first.EffectiveConfig!.Files[""].Body.Span));
        var health = first.Health ?? (await console.HearAsync(m => m.Health is not null)).Health!;
        Assert.True(health.Healthy && health.StartTimeUnixNano > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_offered_configuration_is_run_and_told_as_applied(bool http)
    {
        var (console, host) = await StartAsync(http);
        await using var _ = console;
        await using var __ = host;
        await host.UntilAsync(r => r.Count == 1);
        var hash = console.Offer("profile: balanced");
        Assert.Equal(RemoteConfigStatuses.Applied, (await console.OutcomeAsync(hash)).Status);
        var runs = await host.UntilAsync(r => r.Count == 2);
        Assert.Equal("profile: balanced", runs[1].Config);
        // Reloaded, not restarted.
        Assert.Equal(runs[0].Pid, runs[1].Pid);
    }

    [Fact]
    public async Task A_collector_that_is_still_starting_is_started_again_not_signalled_to_death()
    {
        await using var console = await TestConsole.StartAsync();
        await using var host = new SupervisedHost();
        host.Options = host.Options with { Endpoint = console.WebSocket };
        // Waits for the first word: its collector was started a moment before.
        var hash = console.Offer("profile: balanced");
        host.Start();
        Assert.Equal(RemoteConfigStatuses.Applied, (await console.OutcomeAsync(hash)).Status);
    }

    [Fact]
    public async Task What_the_collector_finds_invalid_never_reaches_the_running_one()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await host.UntilAsync(r => r.Count == 1);
        var outcome = await console.OutcomeAsync(console.Offer("invalid"));
        Assert.Equal(RemoteConfigStatuses.Failed, outcome.Status);
        Assert.Contains("unknown type: \"nope\"", outcome.Error, StringComparison.Ordinal);
        Assert.Single(host.Runs);
    }

    [Theory]
    [InlineData("crash at start", "cannot build pipelines")]
    [InlineData("unhealthy", "answers 503")]
    public async Task What_does_not_come_up_gives_way_to_the_last_good_one(string bad, string why)
    {
        var (console, host) = await StartAsync(change: o => o with { ApplyTimeout = TimeSpan.FromSeconds(3) });
        await using var _ = console;
        await using var __ = host;
        await console.OutcomeAsync(console.Offer("profile: balanced"));
        var outcome = await console.OutcomeAsync(console.Offer(bad));
        Assert.Equal(RemoteConfigStatuses.Failed, outcome.Status);
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
        var runs = await host.UntilAsync(r => r.Count >= 4);
        Assert.Equal((bad, "profile: balanced"), (runs[2].Config, runs[3].Config));
    }

    [Fact]
    public async Task While_a_configuration_is_on_trial_it_says_so_and_its_heart_goes_on_beating()
    {
        var (console, host) = await StartAsync(change: o => o with { ApplyTimeout = TimeSpan.FromSeconds(5) });
        await using var _ = console;
        await using var __ = host;
        await host.UntilAsync(r => r.Count == 1);
        var hash = console.Offer("unhealthy");
        await console.HearAsync(m => m.RemoteConfigStatus is { Status: RemoteConfigStatuses.Applying });
        for (var beats = 0; beats < 3; beats++) Assert.Null((await console.HearAsync(_ => true)).RemoteConfigStatus);
        Assert.Equal(RemoteConfigStatuses.Failed, (await console.OutcomeAsync(hash)).Status);
    }

    [Fact]
    public async Task A_collector_that_ends_twice_soon_after_gets_the_last_good_one_back()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.OutcomeAsync(console.Offer("profile: balanced"));
        var hash = console.Offer("crash after 2000");
        Assert.Equal(RemoteConfigStatuses.Applied, (await console.OutcomeAsync(hash)).Status);
        var later = await console.OutcomeAsync(hash);
        Assert.Equal(RemoteConfigStatuses.Failed, later.Status);
        Assert.Contains("ended by itself twice", later.Error, StringComparison.Ordinal);
        Assert.Contains("panic", later.Error, StringComparison.Ordinal);
        var runs = await host.UntilAsync(r => r.Count >= 5);
        Assert.Equal(["bootstrap", "profile: balanced", "crash after 2000", "crash after 2000", "profile: balanced"], runs.Select(r => r.Config));
    }

    [Fact]
    public async Task One_end_of_the_collector_takes_no_good_configuration_away_and_is_told_as_its_health()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.OutcomeAsync(console.Offer("profile: balanced"));
        Process.GetProcessById((await host.UntilAsync(r => r.Count == 2))[1].Pid).Kill();
        var told = await console.HearAsync(m => m.RemoteConfigStatus is not null || m.Health?.Status.Contains("started again once", StringComparison.Ordinal) == true);
        Assert.Equal((null, true, "running, started again once: it had ended by itself (signal 9)"), (told.RemoteConfigStatus, told.Health!.Healthy, told.Health.Status));
        var runs = await host.UntilAsync(r => r.Count == 3);
        Assert.Equal("profile: balanced", runs[2].Config);
        Assert.NotEqual(runs[1].Pid, runs[2].Pid);

        // A second one within the probation that the first began anew is one too many.
        Process.GetProcessById(runs[2].Pid).Kill();
        Assert.Equal("bootstrap", (await host.UntilAsync(r => r.Count == 4))[3].Config);
    }

    [Fact]
    public async Task Ends_that_lie_further_apart_than_a_probation_are_each_the_first()
    {
        var (console, host) = await StartAsync(change: o => o with { Probation = TimeSpan.FromSeconds(2) });
        await using var _ = console;
        await using var __ = host;
        await console.OutcomeAsync(console.Offer("profile: balanced"));
        Process.GetProcessById((await host.UntilAsync(r => r.Count == 2))[1].Pid).Kill();
        await console.HearAsync(m => m.Health?.Status.Contains("started again once", StringComparison.Ordinal) == true);
        // Over: it is told without the event.
        await console.HearAsync(m => m.Health?.Status == "running");
        Process.GetProcessById(host.Runs[2].Pid).Kill();
        Assert.Equal("profile: balanced", (await host.UntilAsync(r => r.Count == 4))[3].Config);
    }

    [Fact]
    public async Task A_collector_that_ended_and_does_not_come_up_healthy_again_gets_the_last_good_one_back()
    {
        var (console, host) = await StartAsync(change: o => o with { ApplyTimeout = TimeSpan.FromSeconds(3) });
        await using var _ = console;
        await using var __ = host;
        var hash = console.Offer("healthy once");
        Assert.Equal(RemoteConfigStatuses.Applied, (await console.OutcomeAsync(hash)).Status);
        Process.GetProcessById((await host.UntilAsync(r => r.Count == 2))[1].Pid).Kill();
        var outcome = await console.OutcomeAsync(hash);
        Assert.Equal(RemoteConfigStatuses.Failed, outcome.Status);
        Assert.Contains("answers 503", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("bootstrap", (await host.UntilAsync(r => r.Count == 4))[3].Config);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task An_empty_offer_is_refused_and_the_collector_goes_on(string empty)
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await host.UntilAsync(r => r.Count == 1);
        var outcome = await console.OutcomeAsync(console.Offer(empty));
        Assert.Equal(RemoteConfigStatuses.Failed, outcome.Status);
        Assert.Single(host.Runs);
    }

    [Fact]
    public async Task A_failed_configuration_is_not_tried_again_because_it_is_offered_again()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.OutcomeAsync(console.Offer("crash at start"));
        await host.UntilAsync(r => r.Count == 3);
        console.Offer("crash at start");
        await console.OutcomeAsync(console.Offer("profile: balanced"));
        Assert.Equal(1, host.Runs.Count(r => r.Config == "crash at start"));
    }

    [Fact]
    public async Task A_failed_configuration_is_tried_again_when_a_person_asks_for_it()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.OutcomeAsync(console.Offer("crash at start"));
        Assert.Equal(RemoteConfigStatuses.Failed, (await console.OutcomeAsync(console.Offer("crash at start", "", 0, 0, 0, 1))).Status);
        Assert.Equal(2, host.Runs.Count(r => r.Config == "crash at start"));
    }

    [Fact]
    public async Task Without_the_console_the_last_known_good_configuration_runs()
    {
        await using var host = new SupervisedHost();
        Directory.CreateDirectory(host.State);
        await File.WriteAllTextAsync(Path.Combine(host.State, "config.yaml"), "profile: conservative", TestContext.Current.CancellationToken);
        host.Start();
        Assert.Equal("profile: conservative", (await host.UntilAsync(r => r.Count == 1))[0].Config);
    }

    [Fact]
    public async Task A_trial_that_was_cut_off_counts_as_failed()
    {
        await using var host = new SupervisedHost();
        var console = await TestConsole.StartAsync();
        await using var _ = console;
        Directory.CreateDirectory(host.State);
        foreach (var (name, text) in new[] { ("config.yaml", "on trial"), ("last-good.yaml", "profile: balanced"), ("trial", ""), ("remote-status.json", """{"Hash":"abcd","Status":2,"Error":""}""") })
            await File.WriteAllTextAsync(Path.Combine(host.State, name), text, TestContext.Current.CancellationToken);
        host.Options = host.Options with { Endpoint = console.WebSocket };
        host.Start();
        Assert.Equal("profile: balanced", (await host.UntilAsync(r => r.Count == 1))[0].Config);
        Assert.Equal(RemoteConfigStatuses.Failed, (await console.OutcomeAsync([0xab, 0xcd])).Status);
    }

    [Fact]
    public async Task A_collector_that_is_killed_is_started_again()
    {
        await using var host = new SupervisedHost();
        host.Start();
        var pid = (await host.UntilAsync(r => r.Count == 1))[0].Pid;
        Process.GetProcessById(pid).Kill();
        Assert.NotEqual(pid, (await host.UntilAsync(r => r.Count == 2))[1].Pid);
    }

    [Fact]
    public async Task A_collector_whose_program_is_away_for_a_moment_is_started_once_it_is_back()
    {
        await using var host = new SupervisedHost();
        host.Start();
        var pid = (await host.UntilAsync(r => r.Count == 1))[0].Pid;
        File.Move(host.Options.Collector, host.Options.Collector + ".away");
        Process.GetProcessById(pid).Kill();
        await host.UntilAsync(_ => host.Log.Contains("cannot be started", StringComparison.Ordinal));
        File.Move(host.Options.Collector + ".away", host.Options.Collector);
        Assert.NotEqual(pid, (await host.UntilAsync(r => r.Count == 2))[1].Pid);
    }

    [Fact]
    public async Task A_collector_that_cannot_be_started_is_told_and_tried_again()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var console = await TestConsole.StartAsync();
        await using var host = new SupervisedHost();
        host.Options = host.Options with { Endpoint = console.WebSocket };
        var mode = File.GetUnixFileMode(host.Options.Collector);
        File.SetUnixFileMode(host.Options.Collector, UnixFileMode.UserRead);
        host.Start();
        Assert.Contains("cannot be started", (await console.HearAsync(m => m.Health is { Healthy: false })).Health!.LastError, StringComparison.Ordinal);
        File.SetUnixFileMode(host.Options.Collector, mode);
        await host.UntilAsync(r => r.Count == 1);
    }

    [Fact]
    public async Task A_restart_that_the_console_asks_for_is_a_new_process_with_the_same_configuration()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await host.UntilAsync(r => r.Count == 1);
        console.Say(new(Guid.Empty) { Command = AgentCommand.Restart });
        var runs = await host.UntilAsync(r => r.Count == 2);
        Assert.Equal("bootstrap", runs[1].Config);
        Assert.NotEqual(runs[0].Pid, runs[1].Pid);
    }

    [Fact]
    public async Task A_new_identifier_is_kept()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.HearAsync(m => m.Description is not null);
        var uid = Guid.CreateVersion7();
        console.Say(new(Guid.Empty) { NewInstanceUid = uid });
        await console.HearAsync(m => m.InstanceUid == uid);
        Assert.Equal($"{uid}", await File.ReadAllTextAsync(Path.Combine(host.State, "instance-uid"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Full_state_is_told_again_when_the_console_asks()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.HearAsync(m => m.Description is not null);
        await console.HearAsync(m => m.Description is null);
        console.Say(new(Guid.Empty) { Flags = ServerToAgentFlags.ReportFullState });
        Assert.NotNull((await console.HearAsync(m => m.Description is not null)).EffectiveConfig);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_that_the_console_no_longer_knows_gives_way_to_the_enrolment_token(bool http)
    {
        var console = await TestConsole.StartAsync();
        await using var _ = console;
        await using var host = new SupervisedHost();
        console.Unknown = "Bearer lost";
        var endpoint = http ? console.Http : console.WebSocket;
        await KeepAsync(host, "connection.json", $$$"""{"Endpoint":"{{{endpoint}}}","Headers":{"Authorization":"Bearer lost"}}""");
        host.Options = host.Options with { Endpoint = endpoint };
        host.Start();
        await console.HearAsync(m => m.Description is not null);
        Assert.Equal("Bearer enrol-me", console.Authorization);
        Assert.Contains("401", host.Log, StringComparison.Ordinal);
        await host.UntilAsync(_ => File.ReadAllText(Path.Combine(host.State, "connection.json")).Contains("enrol-me", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_console_at_another_address_goes_before_the_connection_that_the_former_one_gave()
    {
        var console = await TestConsole.StartAsync();
        await using var _ = console;
        await using var host = new SupervisedHost();
        await KeepAsync(host, "connection.json", """{"Endpoint":"ws://127.0.0.1:1/v1/opamp","Headers":{},"Given":"ws://127.0.0.1:1/v1/opamp"}""");
        host.Options = host.Options with { Endpoint = console.WebSocket };
        host.Start();
        await console.HearAsync(m => m.Description is not null);
    }

    [Fact]
    public async Task An_offered_certificate_is_refused_in_words()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        await console.HearAsync(m => m.Description is not null);
        console.Say(new(Guid.Empty) { ConnectionSettings = new(new byte[] { 7 }) { OpAmp = new("") { Certificate = new("c"u8.ToArray(), "k"u8.ToArray(), default) } } });
        var told = (await console.HearAsync(m => m.ConnectionSettingsStatus is not null)).ConnectionSettingsStatus!;
        Assert.Equal(ConnectionSettingsStatuses.Failed, told.Status);
        Assert.Contains("certificates", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_the_collector_ended_is_told()
    {
        var (console, host) = await StartAsync();
        await using var _ = console;
        await using var __ = host;
        var hash = console.Offer("profile: balanced");
        await console.OutcomeAsync(hash);
        Process.GetProcessById((await host.UntilAsync(r => r.Count == 2))[1].Pid).Kill();
        Process.GetProcessById((await host.UntilAsync(r => r.Count == 3))[2].Pid).Kill();
        Assert.Contains("(signal 9)", (await console.OutcomeAsync(hash)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_directory_is_its_owner_s_alone_and_one_supervisor_s()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var host = new SupervisedHost();
        Directory.CreateDirectory(host.State);
        File.SetUnixFileMode(host.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        host.Start();
        await host.UntilAsync(r => r.Count == 1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(host.State));
        foreach (var file in Directory.GetFiles(host.State)) Assert.Equal((file, (UnixFileMode)0), (file, File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)));
        var fault = Assert.Throws<IOException>(() => new StateDirectory(host.State));
        Assert.Contains("Another supervisor", fault.Message, StringComparison.Ordinal);
    }

    static async Task KeepAsync(SupervisedHost host, string name, string text)
    {
        Directory.CreateDirectory(host.State);
        await File.WriteAllTextAsync(Path.Combine(host.State, name), text, TestContext.Current.CancellationToken);
    }
}
