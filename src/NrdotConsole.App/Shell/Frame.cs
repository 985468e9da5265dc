using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Shell;

/// <summary>What modules put on every page.</summary>
internal sealed record Frame(IReadOnlyList<FramePart> Parts);
