using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Features.Flags;

/// <summary>A commit of main that altered a flag, and which of its fields; added or removed where it was not there before or after.</summary>
internal sealed record FlagCommit(ConfigCommit Commit, IReadOnlyList<FieldDifference> Fields, bool Added, bool Removed);

/// <summary>What Git knows of one flag.</summary>
internal static class FlagHistory
{
    /// <summary>Commits of the file that are looked at.</summary>
    const int LooksBack = 200;

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<FlagCommit> Of(ConfigRepository repository, string key, int limit)
    {
        var found = new List<FlagCommit>();
        foreach (var commit in repository.History(ConfigRepository.Main, FlagEdit.File, 0, LooksBack))
        {
            var (before, after) = (commit.Parents is [var parent, ..] ? Read(repository, parent, key) : null, Read(repository, commit.Id, key));
            if (before is null && after is null) continue;
            var fields = before is not null && after is not null ? FieldDifference.Between(before, after) : [];
            if (before is not null && after is not null && fields.Count == 0) continue;
            found.Add(new(commit, fields, before is null, after is null));
            if (found.Count == limit) break;
        }
        return found;
    }

    static YamlNode? Read(ConfigRepository repository, string commit, string key) =>
        repository.File(commit, FlagEdit.File) is { } file ? YamlTree.Read(file.Text).Root?.AsMap?.Find("features", key) : null;
}
