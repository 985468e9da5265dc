using System.Runtime.CompilerServices;
using Bunit;

namespace NrdotConsole.App.Tests;

/// <summary>How long a test waits for what other threads do. Long, for it costs nothing where all goes well, and a busy machine is no fault of the product.</summary>
static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ModuleInitializer]
    internal static void OfPages() => BunitContext.DefaultWaitTimeout = Limit;
}
