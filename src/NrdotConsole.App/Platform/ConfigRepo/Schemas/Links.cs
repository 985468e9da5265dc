using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

internal enum LinkKind { Profile, Ring, Tenant, Flag, ProcessClass }

/// <summary>Names in one file that another file gives meaning to: gathered while reading, checked when all is read.</summary>
internal sealed class Links
{
    readonly List<(LinkKind Kind, string Name, Field At)> _links = [];

    public void Add(LinkKind kind, string name, Field at) => _links.Add((kind, name, at));

    public void Check(LinkKind kind, string file, IReadOnlyCollection<string> known)
    {
        foreach (var (_, name, at) in _links.Where(l => l.Kind == kind && !known.Contains(l.Name)))
            at.Error($"{file} has no {Noun(kind)} '{name}'.", known.Count == 0 ? $"add it to {file}" : DidYouMean.Of(name, known) is { } near && kind != LinkKind.Ring ? $"did you mean '{near}'?" : $"there are: {string.Join(", ", known)}");
    }

    static string Noun(LinkKind kind) => kind == LinkKind.ProcessClass ? "class" : kind.ToString().ToLowerInvariant();
}
