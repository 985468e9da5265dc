using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Shell;

/// <summary>What modules put on every page, and at places that others leave open.</summary>
internal sealed record Frame(IReadOnlyList<FramePart> Parts);
