using System.Collections.Concurrent;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>What commits mean, each read and validated once. A commit never changes, so neither does its answer.</summary>
internal sealed class DesiredStates
{
    /// <summary>Reports kept; the oldest asked for goes first.</summary>
    public const int RememberedCommits = 64;

    readonly ConfigRepository _repository;
    readonly ConcurrentDictionary<string, (ConfigReport Report, long Asked)> _reports = new(StringComparer.Ordinal);
    long _asked;
    volatile ConfigReport _current;

    public DesiredStates(ConfigRepository repository)
    {
        _repository = repository;
        _current = NewestValid(repository.Head);
        repository.MainMoved += OnMainMoved;
    }

    /// <summary>What main means. Where its newest commit does not validate (an older console wrote it), the newest ancestor that does.</summary>
    public DesiredState Current => _current.State!;

    /// <summary>The review rules and freeze windows of <see cref="Current"/>.</summary>
    public ChangeRules Rules => _current.Rules!;

    /// <summary>Raised after main moved and means something else now; handlers must return at once.</summary>
    public event Action<DesiredState>? Changed;

    /// <exception cref="InvalidConfigException">The commit does not validate: ask <see cref="ReportAt"/> first.</exception>
    public DesiredState At(string commit) => ReportAt(commit) is { State: { } state } ? state : throw new InvalidConfigException(commit, ReportAt(commit));

    /// <summary>Meaning and faults of a commit, named by its full id.</summary>
    public ConfigReport ReportAt(string commit)
    {
        var asked = Interlocked.Increment(ref _asked);
        if (_reports.TryGetValue(commit, out var known))
        {
            _reports[commit] = (known.Report, asked);
            return known.Report;
        }
        var tree = _repository.Tree(commit);
        var report = ConfigValidation.Validate(tree.Files, tree.Commit);
        if (tree.Faults.Count > 0) report = new(null, null, [.. tree.Faults, .. report.Faults]);
        if (_reports.Count >= RememberedCommits && _reports.MinBy(r => r.Value.Asked) is { Key: { } oldest }) _reports.TryRemove(oldest, out _);
        _reports[commit] = (report, asked);
        return report;
    }

    void OnMainMoved(string commit)
    {
        var report = ReportAt(commit);
        if (!report.IsValid) return;
        _current = report;
        Changed?.Invoke(report.State!);
    }

    ConfigReport NewestValid(string head)
    {
        const int back = 1000;
        if (ReportAt(head) is { IsValid: true } newest) return newest;
        foreach (var commit in _repository.History(head, null, 0, back))
            if (ReportAt(commit.Id) is { IsValid: true } report) return report;
        return ConfigValidation.Validate(ShippedFiles.All);
    }
}
