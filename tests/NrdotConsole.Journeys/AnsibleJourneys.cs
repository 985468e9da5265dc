using System.Net.Http.Json;
using System.Text.Json;

namespace NrdotConsole.Journeys;

/// <summary>The console's hosts in Ansible's hands: the inventory, the guide's playbook, and a rollout by waves that takes itself back.</summary>
public sealed class AnsibleJourneys
{
    const int Hosts = 3;

    [Fact]
    public async Task Hosts_are_listed_deployed_in_waves_and_rolled_back_where_their_collector_does_not_run()
    {
        await using var console = await ConsoleProcess.StartAsync();
        await using var fleet = FleetProcess.Start(console, "--hosts", $"{Hosts}", "--tenants", "1", "--interval", "2s", "--calm", "--seed", "7");
        await console.UntilAsync("api/v1/hosts", page => page.GetProperty("items").EnumerateArray().Count(h => h.GetProperty("collector").ValueKind == JsonValueKind.Object) == Hosts);
        await console.UntilAsync("api/v1/inventory/ansible", list => list.GetProperty("_meta").GetProperty("total").GetInt32() == Hosts);
        using var ansible = new AnsibleRun(console, Hosts);

        // The inventory is the same whole and in pages; one that cannot be read is no empty fleet.
        var inventory = await ansible.InventoryAsync();
        var names = Names(inventory, "nrdot_hosts");
        Assert.Equal(Hosts, names.Count);
        Assert.Equal(names, Names(await ansible.InventoryAsync(("NRDOT_CONSOLE_PAGE_SIZE", "1")), "nrdot_hosts"));
        var tenant = Vars(inventory, names[0]).GetProperty("nrdot_tenant").GetString()!;
        Assert.Equal(names.Order(), Names(inventory, $"tenant_{tenant}").Order());
        Assert.All(names, n => Assert.Contains(n, Names(inventory, $"ring_{Vars(inventory, n).GetProperty("nrdot_ring").GetInt32()}")));
        var (refused, _, why) = await ansible.RunAsync("ansible-inventory", ["--list"], ("NRDOT_CONSOLE_TOKEN", "nrc_wrong"));
        Assert.NotEqual(0, refused);
        // Ansible breaks its warnings into lines by the length of the paths in them.
        Assert.Contains("does not know this token", string.Join(' ', why.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

        // Wave by wave, the guide's playbook brings every host what the console wants on it.
        await PlaysAsync(ansible, "site.yml");
        Assert.All(names, n => Assert.Equal(Hash(inventory, n), ansible.HashOf(n)));

        // A change reaches main; the first host's collector runs with nothing but what it had.
        var before = inventory;
        await SwitchProfileAsync(console, "aggressive");
        inventory = await ansible.InventoryAsync();
        Assert.All(names, n => Assert.NotEqual(Hash(before, n), Hash(inventory, n)));
        await File.WriteAllTextAsync(ansible.Of(names[0], "healthy-only"), Hash(before, names[0]));
        var (code, output, _) = await ansible.PlayAsync("site.yml");
        Assert.NotEqual(0, code);
        Assert.Contains($"{names[0]}: rolled back to its last good configuration, which runs.", output);
        Assert.Contains($"does not begin: {names[0]} failed in an earlier one.", output);
        Assert.Equal(Hash(inventory, names[0]), ansible.HashOf(names[0], "config.yaml.rejected"));
        Assert.All(names, n => Assert.Equal(Hash(before, n), ansible.HashOf(n)));

        // What a collector's own validation refuses never takes the place of what runs.
        await File.WriteAllTextAsync(ansible.Of(names[1], "refuse-validate"), "");
        (code, output, _) = await ansible.PlayAsync("deploy-nrdot.yml", "--limit", names[1]);
        Assert.NotEqual(0, code);
        Assert.Contains("refused on purpose", output);
        Assert.Equal(Hash(before, names[1]), ansible.HashOf(names[1]));

        // Mended, the guide's playbook by itself deploys all.
        File.Delete(ansible.Of(names[0], "healthy-only"));
        File.Delete(ansible.Of(names[1], "refuse-validate"));
        await PlaysAsync(ansible, "deploy-nrdot.yml");
        Assert.All(names, n => Assert.Equal(Hash(inventory, n), ansible.HashOf(n)));
    }

    static async Task PlaysAsync(AnsibleRun ansible, string playbook)
    {
        var (code, output, errors) = await ansible.PlayAsync(playbook);
        Assert.True(code == 0, $"{output}\n{errors}");
    }

    static async Task SwitchProfileAsync(ConsoleProcess console, string profile)
    {
        var id = await console.StartChangeAsync(new
        {
            title = $"All on {profile}", reason = "A journey", profile = new { to = profile }, targets = new { rings = new[] { 0, 1, 2, 3, 4 } }, rollout = new { soak = "0s", gates = false },
        });
        await console.UntilChangeAsync(id, "applied");
    }

    static List<string> Names(JsonElement inventory, string group) => [.. inventory.GetProperty(group).GetProperty("hosts").EnumerateArray().Select(h => h.GetString()!)];
    static JsonElement Vars(JsonElement inventory, string host) => inventory.GetProperty("_meta").GetProperty("hostvars").GetProperty(host);
    static string Hash(JsonElement inventory, string host) => Vars(inventory, host).GetProperty("nrdot_config_hash").GetString()!;
}
