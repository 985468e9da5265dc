using NrdotConsole.App.Platform.Audit;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>Who a commit is by. Somebody of this console is <c>name &lt;login@console&gt;</c>; of a commit that was pushed, what the commit says.</summary>
public sealed record CommitAuthor(string Name, string Email)
{
    const string OwnDomain = "console";

    public static readonly CommitAuthor Console = new("NRDOT Console", "console@" + OwnDomain);

    internal static CommitAuthor Of(Actor actor) => actor.Kind == ActorKind.System ? Console : new(Clean(actor.Name), $"{Clean(actor.Name).Replace(' ', '.')}@{OwnDomain}");

    /// <summary>Git's header has no room for brackets and line breaks.</summary>
    static string Clean(string text)
    {
        var clean = string.Concat(text.Where(c => c is not ('<' or '>') && !char.IsControl(c))).Trim();
        return clean.Length == 0 ? "unknown" : clean;
    }
}
