using NrdotConsole.App.Platform.Cli;
using NrdotConsole.App.Platform.ConfigRepo;

namespace NrdotConsole.App.Tests.ConfigRepo;

public sealed class ValidateCommandTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nrdot-validate-");

    public ValidateCommandTests()
    {
        foreach (var (path, text) in ShippedFiles.All) Write(path, text);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    string Path(string file) => System.IO.Path.Combine(_folder.FullName, file);

    void Write(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(file))!);
        File.WriteAllText(Path(file), text);
    }

    static async Task<(int? Code, string[] Lines, string Errors)> RunAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(["validate", .. arguments], output, errors);
        return (code, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), errors.ToString());
    }

    [Fact]
    public async Task A_sound_folder_ends_with_0_and_tells_its_notes()
    {
        var (code, lines, _) = await RunAsync(_folder.FullName);
        Assert.Equal(0, code);
        Assert.StartsWith("0 errors, ", lines[^1]);
        Assert.Contains(lines, l => l.StartsWith($"{Path("secrets.yaml")}:5:16: warning: vault.auth_method: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_ends_with_1_and_names_file_line_and_mend()
    {
        Write("rings.yaml", ShippedFiles.All["rings.yaml"].Replace("salt: nrdot", "slat: nrdot"));
        var (code, lines, _) = await RunAsync(_folder.FullName);
        Assert.Equal(1, code);
        Assert.Contains($"{Path("rings.yaml")}:11:1: error: slat: 'slat' is not known here. (did you mean 'salt'?)", lines);
    }

    [Fact]
    public async Task Of_a_single_file_only_its_own_faults_are_told_and_its_neighbours_give_its_names_meaning()
    {
        Write("profiles.yaml", "default: {\n");
        Write("feature-flags.yaml", ShippedFiles.All["feature-flags.yaml"].Replace("rings: [4]", "rings: [7]"));
        var (code, lines, _) = await RunAsync(Path("feature-flags.yaml"));
        Assert.Equal(1, code);
        Assert.Equal([$"{Path("feature-flags.yaml")}:20:15: error: features.ml_optimization.rollout.rings[0]: rings.yaml has no ring '7'. (there are: 0, 1, 2, 3, 4)", "1 error, 0 warnings."], lines);
    }

    [Fact]
    public async Task A_runbook_is_a_file_of_the_folder_above()
    {
        var (code, lines, _) = await RunAsync(Path("runbooks/high-cardinality.md"), Path("rings.yaml"));
        Assert.Equal(0, code);
        Assert.Equal([$"{Path("runbooks/high-cardinality.md")}:11:11: warning: NRQL has no documented uniqueCount(dimensions()). (FROM Metric SELECT cardinality() SINCE today RAW FACET metricName)", "0 errors, 1 warning."], lines);
    }

    [Fact]
    public async Task No_such_path_is_a_usage_fault()
    {
        var (code, _, errors) = await RunAsync(Path("none"));
        Assert.Equal((2, $"{Path("none")}: there is no such file or folder.{Environment.NewLine}"), (code, errors));
        Assert.Equal(2, (await RunAsync()).Code);
    }

    [Fact]
    public async Task Bytes_and_sizes_are_faults_as_any_other()
    {
        File.WriteAllBytes(Path("budgets.yaml"), [0xff, 0xfe, 0x41]);
        Write("slos.yaml", new string('#', ConfigLimits.MaxFileBytes + 1));
        var (code, lines, _) = await RunAsync(_folder.FullName);
        Assert.Equal(1, code);
        Assert.Contains($"{Path("budgets.yaml")}:0:0: error: The file is not UTF-8 text. (save it as UTF-8)", lines);
        Assert.Contains(lines, l => l.StartsWith($"{Path("slos.yaml")}:0:0: error: The file has 524289 bytes.", StringComparison.Ordinal));
    }
}
