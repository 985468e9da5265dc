using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NrdotConsole.Journeys;

/// <summary>
/// Ansible of this machine with the playbooks of <c>deploy/ansible</c>, before a running console. Every host of its inventory is a folder here,
/// reached by Ansible's local connection, with a stand-in for the collector.
/// </summary>
internal sealed class AnsibleRun : IDisposable
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);

    readonly ConsoleProcess _console;
    readonly string _folder = Directory.CreateTempSubdirectory("nrdot-ansible-").FullName;

    public AnsibleRun(ConsoleProcess console, int hosts)
    {
        _console = console;
        var standIn = Path.Combine(ConsoleProcess.SourceRoot, "tests/NrdotConsole.Journeys/Ansible/collector.py");
        var port = "{{ nrdot_test_ports[groups['nrdot_hosts'].index(inventory_hostname)] }}";
        File.WriteAllText(Variables, new JsonObject
        {
            ["ansible_connection"] = "local", ["ansible_python_interpreter"] = "{{ ansible_playbook_python }}", ["ansible_become"] = false,
            ["nrdot_install"] = "none", ["nrdot_manage_user"] = false, ["nrdot_user"] = "{{ lookup('pipe', 'id -un') }}", ["nrdot_group"] = "{{ lookup('pipe', 'id -gn') }}",
            ["nrdot_root"] = $"{_folder}/{{{{ inventory_hostname }}}}", ["nrdot_binary"] = standIn,
            ["nrdot_restart_command"] = $"python3 {standIn} start {{{{ nrdot_config_dir }}}} {port}", ["nrdot_health_url"] = $"http://127.0.0.1:{port}/",
            ["nrdot_health_retries"] = 3, ["nrdot_health_delay_seconds"] = 1, ["nrdot_telemetry_delay_seconds"] = 1,
            ["nrdot_test_ports"] = new JsonArray([.. FreePorts.Take(hosts).Select(p => (JsonNode)p)]),
            ["vault_nrdot_ingest_token"] = "nri_journey", ["vault_new_relic_license_key"] = "journey-licence",
        }.ToJsonString());
    }

    string Variables => Path.Combine(_folder, "variables.json");

    /// <summary>The configuration's folder on a host.</summary>
    public string Of(string host, string file) => Path.Combine(_folder, host, "etc/nrdot-collector", file);

    public string HashOf(string host, string file = "config.yaml") => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Of(host, file))));

    public async Task<JsonElement> InventoryAsync(params (string, string)[] environment)
    {
        var (code, output, errors) = await RunAsync("ansible-inventory", ["--list"], environment);
        Assert.True(code == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    public Task<(int Code, string Output, string Errors)> PlayAsync(string playbook, params string[] arguments) =>
        RunAsync("ansible-playbook", [playbook, "-e", $"@{Variables}", .. arguments]);

    public async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var folder = Path.Combine(ConsoleProcess.SourceRoot, "deploy/ansible");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
        {
            ("NRDOT_CONSOLE_URL", $"{_console.Url}"), ("NRDOT_CONSOLE_TOKEN", ConsoleProcess.ApiToken), ("ANSIBLE_CONFIG", Path.Combine(folder, "ansible.cfg")),
            ("ANSIBLE_HOME", Path.Combine(_folder, "ansible")), ("ANSIBLE_NOCOLOR", "1"), ("LC_ALL", "C.UTF-8"), ("PYTHONDONTWRITEBYTECODE", "1"),
        }.Concat(environment)) start.Environment[name] = value;
        using var process = Started(start);
        using var limit = new CancellationTokenSource(s_limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"'{start.FileName}' is missing: tests/run installs Ansible, or install ansible-core (apt or pip).");
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "collector.pid", SearchOption.AllDirectories))
        {
            try
            {
                using var collector = Process.GetProcessById(int.Parse(File.ReadAllText(file)));
                collector.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException) { }
        }
        Directory.Delete(_folder, recursive: true);
    }
}
