using LibGit2Sharp;
using NrdotConsole.App.Platform.ConfigRepo.Merging;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>
/// The desired state as Git: bare, <c>data/config.git</c>, made at the first start with the shipped files. <c>main</c> is what was
/// proved; a Change is a branch. Writes come one after the other; each ends in one atomic move of a reference, so a reader and a killed
/// console see the state before or after, never between. Faults of the disk surface as <see cref="LibGit2SharpException"/>.
/// </summary>
internal sealed class ConfigRepository
{
    public const string Main = "main", MainRef = "refs/heads/main";

    readonly string _path;
    readonly TimeProvider _time;
    readonly Lock _writes = new();

    ConfigRepository(string path, TimeProvider time) => (_path, _time) = (path, time);

    /// <summary>Where it lies: other Git programs can read it.</summary>
    public string Path => _path;

    /// <summary>Raised with the new commit id after main moved; handlers must return at once.</summary>
    public event Action<string>? MainMoved;

    /// <exception cref="StartException">It cannot be made or read.</exception>
    public static ConfigRepository Open(DataDirectory data, TimeProvider time)
    {
        var repository = new ConfigRepository(data.File("config.git"), time);
        if (BareRepository.Prepare(repository._path))
            repository.Commit(Main, null, ShippedFiles.All.ToDictionary(f => f.Key, f => (string?)f.Value), CommitAuthor.Console, "The files that the console ships");
        return repository;
    }

    /// <summary>The commit that main is at.</summary>
    public string Head => Find(Main) ?? throw new InvalidOperationException($"{_path} has no branch {Main}.");

    /// <summary>The full id of a commit named by branch, id or the id's beginning; null where there is none.</summary>
    public string? Find(string name) => Read(r => Lookup(r, name)?.Sha);

    public ConfigTree Tree(string commit) => Read(r => ConfigTree.Read(Required(r, commit)));

    /// <summary>Null where the commit has no such file, or it is too large or no text.</summary>
    public ConfigFile? File(string commit, string path) => Read(r =>
        Required(r, commit)[path] is { TargetType: TreeEntryTargetType.Blob } entry && (Blob)entry.Target is { Size: <= ConfigLimits.MaxFileBytes } blob && ConfigTree.Decode(blob) is { } text
            ? new ConfigFile(path, blob.Sha, text) : null);

    /// <summary>Paths and blob ids.</summary>
    public IReadOnlyDictionary<string, string> Files(string commit) => Read(r => ConfigTree.Blobs(Required(r, commit).Tree, "").ToDictionary(b => b.Path, b => b.Blob.Sha, StringComparer.Ordinal));

    /// <summary>The id of all files of a commit together: equal ids are equal files, whoever committed them and when.</summary>
    public string TreeId(string commit) => Read(r => Required(r, commit).Tree.Sha);

    public ConfigCommit CommitAt(string commit) => Read(r => Describe(r, Required(r, commit)));

    /// <summary>Newest first, from <paramref name="from"/> back; of one file, only the commits that changed it.</summary>
    public IReadOnlyList<ConfigCommit> History(string from, string? file, int offset, int limit) => Read(r => r.Commits
        .QueryBy(new CommitFilter { IncludeReachableFrom = Required(r, from), SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time })
        .Where(c => file is null || Changed(c, file)).Skip(offset).Take(limit).Select(c => Describe(r, c)).ToList());

    /// <summary>The newest commit of each file that <paramref name="from"/> holds, as far back as <paramref name="commits"/>.</summary>
    public IReadOnlyDictionary<string, ConfigCommit> LastChanges(string from, int commits = 500) => Read(r =>
    {
        var wanted = ConfigTree.Blobs(Required(r, from).Tree, "").Select(b => b.Path).ToHashSet(StringComparer.Ordinal);
        var last = new Dictionary<string, ConfigCommit>(StringComparer.Ordinal);
        foreach (var commit in r.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = Required(r, from), SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time }).Take(commits))
        {
            var described = Describe(r, commit);
            foreach (var path in described.Files.Where(wanted.Remove)) last[path] = described;
            if (wanted.Count == 0) break;
        }
        return last;
    });

    /// <summary>Each changed file with both texts; null where it is absent on that side.</summary>
    public IReadOnlyList<FileChange> Changes(string from, string to) => Read(r => Compare(r, Required(r, from), Required(r, to)));

    /// <summary>The branches whose names begin so, and their commits.</summary>
    public IReadOnlyDictionary<string, string> Branches(string prefix) => Read(r => r.Branches
        .Where(b => !b.IsRemote && b.FriendlyName.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(b => b.FriendlyName, b => b.Tip.Sha, StringComparer.Ordinal));

    public bool IsAncestor(string ancestor, string commit) => Read(r => r.ObjectDatabase.FindMergeBase(Required(r, ancestor), Required(r, commit))?.Sha == ancestor);

    /// <summary>The newest commit that both come from; null where they share none.</summary>
    public string? MergeBase(string a, string b) => Read(r => r.ObjectDatabase.FindMergeBase(Required(r, a), Required(r, b))?.Sha);

    /// <summary>
    /// Commits <paramref name="edits"/> (null deletes) on top of <paramref name="parent"/> and moves the branch there, making it where it is new.
    /// </summary>
    /// <returns>The new commit; null where the branch is no longer at the parent: somebody was faster, nothing was changed.</returns>
    public string? Commit(string branch, string? parent, IReadOnlyDictionary<string, string?> edits, CommitAuthor author, string message) => Write(r =>
    {
        var onto = parent is null ? null : Required(r, parent);
        var reference = r.Refs["refs/heads/" + branch];
        if (reference is not null && reference.TargetIdentifier != onto?.Sha) return null;
        var commit = Store(r, onto, edits, author, message, onto is null ? [] : [onto]);
        Move(r, reference, branch, commit);
        return commit.Sha;
    }, branch);

    /// <summary>Points a branch at a commit that is here already: a pushed one, or a Change's after its author's edit.</summary>
    public void SetBranch(string branch, string commit) => Write(r =>
    {
        var target = Required(r, commit);
        Move(r, r.Refs["refs/heads/" + branch], branch, target);
        return target.Sha;
    }, branch);

    /// <summary>The commits stay reachable for as long as a Change's row names them: nothing here collects garbage.</summary>
    public void DeleteBranch(string branch) => Write(r =>
    {
        if (branch == Main) throw new ArgumentException("Main stays.", nameof(branch));
        r.Refs.Remove("refs/heads/" + branch);
        return null;
    }, branch);

    /// <summary>What <see cref="Merge"/> would come to now, and the files it would leave main with. Changes nothing.</summary>
    public (MergeOutcome Outcome, IReadOnlyDictionary<string, string> Files) PreviewMerge(string commit) => Read(r =>
    {
        var (ours, theirs) = (Required(r, Main), Required(r, commit));
        var merge = ConfigMerge.Of(r, ours, theirs);
        return (new MergeOutcome(null, merge.Conflicts, Check(merge)), merge.Files);
    });

    /// <summary>
    /// Merges a commit into main, field by field. Main moves straight to the commit where nothing else came between. The result must
    /// validate: a conflict or a fault changes nothing.
    /// </summary>
    public MergeOutcome Merge(string commit, CommitAuthor author, string message)
    {
        MergeOutcome outcome = new(null, [], []);
        Write(r =>
        {
            var (reference, theirs) = (r.Refs[MainRef], Required(r, commit));
            var ours = Required(r, Main);
            var merge = ConfigMerge.Of(r, ours, theirs);
            outcome = new(null, merge.Conflicts, Check(merge));
            if (!outcome.IsClean) return null;
            var straight = merge.Base?.Sha == ours.Sha;
            var result = merge.Base?.Sha == theirs.Sha ? ours
                : straight ? theirs
                : Store(r, ours, merge.EditsOnto(ours), author, message, [ours, theirs]);
            if (result.Sha != ours.Sha) Move(r, reference, Main, result);
            outcome = outcome with { Commit = result.Sha };
            return result.Sha == ours.Sha ? null : result.Sha;
        }, Main);
        return outcome;
    }

    /// <summary>The inverse of a commit as edits onto <paramref name="onto"/>: field by field, what came later stays.</summary>
    public (IReadOnlyDictionary<string, string?> Edits, IReadOnlyList<MergeConflict> Conflicts) Revert(string commit, string onto) => Read(r =>
    {
        var (undone, target) = (Required(r, commit), Required(r, onto));
        var merge = ConfigMerge.Undo(r, undone, undone.Parents.FirstOrDefault(), target);
        return (merge.EditsOnto(target), merge.Conflicts);
    });

    /// <summary>Makes a commit part of main's history without its content: main's files stay as they are. What was pushed and refused is answered so.</summary>
    public string Absorb(string commit, CommitAuthor author, string message) => Write(r =>
    {
        var (ours, theirs) = (Required(r, Main), Required(r, commit));
        var absorbed = Store(r, ours, new Dictionary<string, string?>(), author, message, [ours, theirs]);
        Move(r, r.Refs[MainRef], Main, absorbed);
        return absorbed.Sha;
    }, Main)!;

    /// <summary>What takes <paramref name="undone"/> back to <paramref name="before"/> as edits onto <paramref name="onto"/>: field by field, what came later stays. No edits where it is taken back already.</summary>
    public (IReadOnlyDictionary<string, string?> Edits, IReadOnlyList<MergeConflict> Conflicts) Undo(string undone, string before, string onto) => Read(r =>
    {
        var target = Required(r, onto);
        var merge = ConfigMerge.Undo(r, Required(r, undone), Required(r, before), target);
        return (merge.EditsOnto(target), merge.Conflicts);
    });

    /// <summary>For the remote: fetch and push need the repository itself. Network calls happen outside the write lock.</summary>
    internal T Read<T>(Func<Repository, T> read)
    {
        using var repository = BareRepository.Open(_path);
        return read(repository);
    }

    string? Write(Func<Repository, string?> write, string branch)
    {
        string? moved;
        lock (_writes) moved = Read(write);
        if (moved is not null && branch == Main) MainMoved?.Invoke(moved);
        return moved;
    }

    Commit Store(Repository r, Commit? onto, IReadOnlyDictionary<string, string?> edits, CommitAuthor author, string message, Commit[] parents)
    {
        var tree = onto is null ? new TreeDefinition() : TreeDefinition.From(onto);
        foreach (var (path, text) in edits)
        {
            if (text is null) tree.Remove(path);
            else tree.Add(path, r.ObjectDatabase.CreateBlob(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))), Mode.NonExecutableFile);
        }
        var now = _time.GetUtcNow();
        return r.ObjectDatabase.CreateCommit(new(author.Name, author.Email, now), new(CommitAuthor.Console.Name, CommitAuthor.Console.Email, now), message, r.ObjectDatabase.CreateTree(tree), parents, prettifyMessage: true);
    }

    static void Move(Repository r, Reference? reference, string branch, Commit to)
    {
        if (reference is null) r.Refs.Add("refs/heads/" + branch, to.Id);
        else r.Refs.UpdateTarget(reference, to.Id);
    }

    static List<ConfigFault> Check(ConfigMerge merge) =>
        merge.Conflicts.Count > 0 ? [] : [.. ConfigValidation.Validate(merge.Files).Errors];

    static Commit? Lookup(Repository r, string name) => r.Lookup<Commit>(name) ?? r.Branches[name]?.Tip;

    static Commit Required(Repository r, string name) => Lookup(r, name) ?? throw new KeyNotFoundException($"The config repository has no commit or branch '{name}'.");

    static bool Changed(Commit commit, string file) => commit[file]?.Target.Id != commit.Parents.FirstOrDefault()?[file]?.Target.Id;

    static ConfigCommit Describe(Repository r, Commit commit) => new(commit.Sha, new(commit.Author.Name, commit.Author.Email), commit.Author.When, commit.Message.TrimEnd(),
        [.. commit.Parents.Select(p => p.Sha)], [.. r.Diff.Compare<TreeChanges>(commit.Parents.FirstOrDefault()?.Tree, commit.Tree).Select(c => c.Path)]);

    static List<FileChange> Compare(Repository r, Commit from, Commit to) =>
        [.. r.Diff.Compare<TreeChanges>(from.Tree, to.Tree).Select(c => new FileChange(c.Path, TextOf(from, c.OldPath), TextOf(to, c.Path)))];

    static string? TextOf(Commit commit, string path) =>
        commit[path] is { TargetType: TreeEntryTargetType.Blob } entry && ((Blob)entry.Target).Size <= ConfigLimits.MaxFileBytes ? ConfigTree.Decode((Blob)entry.Target) : null;
}

/// <summary>A file that differs between two commits; null where it is absent on that side.</summary>
internal sealed record FileChange(string Path, string? Before, string? After);
